import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Dialog, I18nProvider, Popover } from 'react-aria-components';
import { localeOf, useTexts } from '../text/text';
import { Avatar, LabelChip } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { CloseIcon } from '../ui/icons';
import type { BulkChange } from './acts';
import { useBoard, useBoardView } from './BoardContext';
import styles from './BulkBar.module.css';
import { Chooser } from './Chooser';
import { priorityChoices } from './filter';
import { priorityName } from './priorityName';
import { ifFocusIsLost } from './focus';
import { labelLimit, userLimit } from './limits';
import menus from './Menus.module.css';
import type { Card, Priority } from './model';
import { bulkLimit } from './selection';

/** What has to be asked for before it can be done with several cards. */
export type BulkTool = 'move' | 'people' | 'labels' | 'due' | 'priority';

/** What can be done with all cards that are chosen; each is one change, and is undone as one. */
export default function BulkBar(props: {
  chosen: ReadonlySet<string>;
  /** Every card that is shown. */
  order: () => readonly string[];
  /** What a key has asked for. */
  tool: BulkTool | null;
  onTool: (tool: BulkTool | null) => void;
}): ReactNode {
  const { chosen, tool, onTool } = props;
  const t = useTexts();
  const { index, acts, did, lang, selection } = useBoard();
  const view = useBoardView(index);
  const cards = useMemo(
    () => [...chosen].map((id) => index.card(id)).filter((card) => card !== undefined),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- cards change with the view
    [chosen, index, view],
  );
  const change = (to: BulkChange): void => {
    const ids = props.order().filter((id) => chosen.has(id));
    const known = new Set(ids);
    for (const id of chosen) if (!known.has(id)) ids.push(id);
    did(t.didBulk(ids.length), acts.changeCards(ids, to));
  };
  const leave = (): void => {
    onTool(null);
    selection.clear();
    ifFocusIsLost(() => {
      document.querySelector<HTMLElement>('[data-card-face]')?.focus();
    });
  };
  useEffect(() => {
    selection.keep((id) => index.card(id) !== undefined);
  }, [selection, index, view]);
  const tools: readonly [BulkTool, string][] = [
    ['move', t.cardMoveTo],
    ['people', t.bulkPeople],
    ['labels', t.dialogLabels],
    ['due', t.tableDue],
    ['priority', t.priority],
  ];
  return (
    <I18nProvider locale={localeOf(lang)}>
      <section className={styles.bar} aria-label={t.bulk}>
        <p role="status" className={styles.count}>
          {t.bulkCount(cards.length)}
        </p>
        {tools.map(([one, name]) => (
          <Tool
            key={one}
            tool={one}
            name={name}
            open={tool === one}
            onOpen={(open) => {
              onTool(open ? one : null);
            }}
          >
            <Choices
              tool={one}
              cards={cards}
              onChange={change}
              onClose={() => {
                onTool(null);
              }}
            />
          </Tool>
        ))}
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''}`}
          onClick={() => {
            change({ archive: true });
            leave();
          }}
        >
          {t.bulkArchive}
        </button>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''} ${controls.danger ?? ''}`}
          onClick={() => {
            change({ delete: true });
            leave();
          }}
        >
          {t.cardDelete}
        </button>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''} ${controls.plain ?? ''}`}
          onClick={() => {
            selection.all(props.order());
          }}
        >
          {t.bulkAll(Math.min(bulkLimit, props.order().length))}
        </button>
        <button
          type="button"
          className={controls.icon}
          aria-label={t.bulkClear}
          title={t.bulkClear}
          onClick={leave}
        >
          <CloseIcon />
        </button>
      </section>
    </I18nProvider>
  );
}

function Tool(props: {
  tool: BulkTool;
  name: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  children: ReactNode;
}): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`${controls.button ?? ''} ${controls.small ?? ''}`}
        aria-haspopup="dialog"
        aria-expanded={props.open}
        onClick={() => {
          props.onOpen(!props.open);
        }}
      >
        {props.name}
      </button>
      {props.open && (
        <Panel
          anchor={button}
          name={props.name}
          onClose={() => {
            props.onOpen(false);
          }}
        >
          {props.children}
        </Panel>
      )}
    </>
  );
}

function Panel(props: {
  anchor: RefObject<HTMLElement | null>;
  name: string;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  return (
    <Popover
      isOpen
      triggerRef={props.anchor}
      placement="top"
      className={`${menus.popover ?? ''} ${styles.panel ?? ''}`}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Dialog aria-label={props.name} className={styles.dialog ?? ''}>
        {props.children}
      </Dialog>
    </Popover>
  );
}

function Choices(props: {
  tool: BulkTool;
  cards: readonly Card[];
  onChange: (change: BulkChange) => void;
  onClose: () => void;
}): ReactNode {
  const { tool, cards, onChange } = props;
  const t = useTexts();
  const { index, members } = useBoard();
  const { columns, labels } = useBoardView(index);
  const people = useMemo(
    () =>
      [...members.values()]
        .map(({ user_id, name }) => ({ id: user_id, name }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    [members],
  );
  const once = (change: BulkChange): void => {
    props.onClose();
    onChange(change);
  };
  switch (tool) {
    case 'move':
      return (
        <List
          choices={columns.map(({ id, title }) => [id, title])}
          onChoose={(column) => {
            once({ column });
          }}
        />
      );
    case 'priority':
      return (
        <List
          choices={priorityChoices.map((priority) => [priority, priorityName(priority, t)])}
          onChoose={(priority) => {
            once({ priority: (priority === 'normal' ? '' : priority) as Priority });
          }}
        />
      );
    case 'due':
      return (
        <DueForm
          onChoose={(due) => {
            once({ due });
          }}
        />
      );
    case 'labels':
      return (
        <Chooser
          label={t.dialogLabels}
          addLabel={t.dialogLabelAdd}
          chosen={ofAny(cards, ({ labels: all }) => all).map((label) => ({
            id: label,
            name: label,
          }))}
          options={labels.map((label) => ({ id: label, name: label }))}
          nameNew={t.dialogLabelNew}
          maxLength={labelLimit}
          canEdit
          show={({ name }) => <LabelChip label={name} />}
          onAdd={(label) => {
            onChange({ label: [label] });
          }}
          onRemove={(label) => {
            onChange({ unlabel: [label] });
          }}
        />
      );
    default:
      return (
        <Chooser
          label={t.dialogAssignees}
          addLabel={t.dialogAssigneeAdd}
          chosen={ofAny(cards, ({ assignees }) => assignees).map((user) => ({
            id: user,
            name: members.get(user)?.name ?? user,
          }))}
          options={people}
          nameNew={null}
          maxLength={userLimit}
          canEdit
          show={(person) => (
            <span className={styles.person}>
              <Avatar small user={person.id} name={person.name} />
              <span dir="auto">{person.name}</span>
            </span>
          )}
          onAdd={(user) => {
            onChange({ assign: [user] });
          }}
          onRemove={(user) => {
            onChange({ unassign: [user] });
          }}
        />
      );
  }
}

/** What at least one of the cards has. */
function ofAny(cards: readonly Card[], of: (card: Card) => readonly string[]): string[] {
  return [...new Set(cards.flatMap(of))].sort();
}

function List(props: {
  choices: readonly (readonly [string, string])[];
  onChoose: (id: string) => void;
}): ReactNode {
  return (
    <ul className={styles.list}>
      {props.choices.map(([id, name]) => (
        <li key={id}>
          <button
            type="button"
            className={menus.item}
            onClick={() => {
              props.onChoose(id);
            }}
          >
            <span dir="auto">{name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function DueForm({ onChoose }: { onChoose: (due: string) => void }): ReactNode {
  const t = useTexts();
  const { today } = useBoard();
  const [day, setDay] = useState(today);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (day !== '') onChoose(day);
      }}
    >
      <label>
        <span className={controls.label}>{t.dialogDue}</span>
        <input
          type="date"
          className={controls.field}
          min="1970-01-01"
          max="2999-12-31"
          value={day}
          onChange={(event) => {
            setDay(event.target.value);
          }}
        />
      </label>
      <div className={styles.buttons}>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''}`}
          onClick={() => {
            onChoose('');
          }}
        >
          {t.dialogDueClear}
        </button>
        <button
          type="submit"
          className={`${controls.button ?? ''} ${controls.small ?? ''} ${controls.primary ?? ''}`}
        >
          {t.bulkSet}
        </button>
      </div>
    </form>
  );
}

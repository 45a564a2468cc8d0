import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { useTexts } from '../../text/text';
import { Avatar } from '../../ui/Avatar';
import controls from '../../ui/controls.module.css';
import { nameOf, useBoard, useBoardView } from '../BoardContext';
import { Chooser, type Choice } from '../Chooser';
import { priorityChoices } from '../filter';
import { BoardLabel } from '../BoardLabel';
import { priorityName } from '../priorityName';
import { labelLimit, titleLimit, userLimit } from '../limits';
import menus from '../Menus.module.css';
import type { Card, Priority } from '../model';
import { columnName, type GridColumn } from './columns';
import styles from './TableView.module.css';

interface EditorProps {
  readonly card: Card;
  readonly column: GridColumn;
  /** The cell, for what opens beside it. */
  readonly cell: HTMLElement;
  /** Editing is over; `back` if the cell gets the focus again. */
  readonly onDone: (back: boolean) => void;
}

/** Edits a value in its cell. */
export function TableEditor(props: EditorProps): ReactNode {
  const { card, column } = props;
  const t = useTexts();
  const { acts, did } = useBoard();
  const edited = (act: string): void => {
    did(t.didEdit(card.title || t.cardUntitled), act);
  };
  switch (column) {
    case 'title':
      return (
        <Field
          {...props}
          value={card.title}
          onSave={(typed) => {
            const title = typed.replace(/\s+/g, ' ').trim();
            if (title && title !== card.title) edited(acts.editCard(card.id, { title }));
          }}
        />
      );
    case 'start':
    case 'due':
      return (
        <Field
          {...props}
          type="date"
          value={card[column]}
          onSave={(day) => {
            if (day !== card[column]) edited(acts.editCard(card.id, { [column]: day }));
          }}
        />
      );
    case 'column':
      return <ColumnChoice {...props} />;
    case 'priority':
      return (
        <Select
          {...props}
          value={card.priority || 'normal'}
          choices={priorityChoices.map((id) => ({ id, name: priorityName(id, t) }))}
          onChoose={(chosen) => {
            const priority = (chosen === 'normal' ? '' : chosen) as Priority;
            edited(acts.editCard(card.id, { priority }));
          }}
        />
      );
    default:
      return <SetEditor {...props} onEdited={edited} />;
  }
}

function ColumnChoice(props: EditorProps): ReactNode {
  const { card } = props;
  const t = useTexts();
  const { acts, did, index } = useBoard();
  const { columns } = useBoardView(index);
  return (
    <Select
      {...props}
      value={card.column}
      choices={columns.map(({ id, title }) => ({ id, name: title }))}
      onChoose={(target) => {
        const into = index.column(target);
        if (!into) return;
        const title = card.title || t.cardUntitled;
        did(t.didMove(title, into.title), acts.moveCard(card.id, target, null));
      }}
    />
  );
}

function Field(
  props: EditorProps & { value: string; type?: 'date'; onSave: (typed: string) => void },
): ReactNode {
  const t = useTexts();
  const [typed, setTyped] = useState(props.value);
  const field = useRef<HTMLInputElement>(null);
  const over = useRef(false);
  useEffect(() => {
    field.current?.focus();
    if (field.current?.type === 'text') field.current.select();
  }, []);

  const finish = (keep: boolean, back: boolean): void => {
    if (over.current) return;
    over.current = true;
    // A date that is only half there has no value; that is not the same as none.
    if (keep && field.current?.validity.badInput !== true) props.onSave(typed);
    props.onDone(back);
  };
  return (
    <input
      ref={field}
      type={props.type ?? 'text'}
      className={`${controls.field ?? ''} ${styles.editor ?? ''}`}
      aria-label={columnName(props.column, t)}
      value={typed}
      maxLength={titleLimit}
      min={props.type && '1970-01-01'}
      max={props.type && '2999-12-31'}
      dir="auto"
      onChange={(event) => {
        setTyped(event.target.value);
      }}
      onBlur={() => {
        finish(true, false);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === 'Enter' || event.key === 'Escape') {
          event.preventDefault();
          finish(event.key === 'Enter', true);
        }
      }}
    />
  );
}

function Select(
  props: EditorProps & {
    value: string;
    choices: readonly Choice[];
    onChoose: (choice: string) => void;
  },
): ReactNode {
  const t = useTexts();
  // Arrow keys pass over choices; what counts is the one that stands there at the end.
  const [chosen, setChosen] = useState(props.value);
  const field = useRef<HTMLSelectElement>(null);
  const over = useRef(false);
  useEffect(() => {
    field.current?.focus();
    try {
      field.current?.showPicker();
    } catch {
      // Only just after a press or a key; the choice can be opened by hand.
    }
  }, []);
  const finish = (choice: string, back: boolean): void => {
    if (over.current) return;
    over.current = true;
    if (choice !== props.value) props.onChoose(choice);
    props.onDone(back);
  };
  return (
    <select
      ref={field}
      className={`${controls.field ?? ''} ${styles.editor ?? ''}`}
      aria-label={columnName(props.column, t)}
      value={chosen}
      onChange={(event) => {
        setChosen(event.target.value);
      }}
      onBlur={() => {
        finish(chosen, false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Enter') {
          event.preventDefault();
          finish(event.key === 'Enter' ? chosen : props.value, true);
        }
      }}
    >
      {props.choices.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** People and labels are sets: they are chosen beside the cell. */
function SetEditor(props: EditorProps & { onEdited: (act: string) => void }): ReactNode {
  const { card, column, cell, onEdited } = props;
  const t = useTexts();
  const { acts, index, members } = useBoard();
  const { labels } = useBoardView(index);
  const anchor = useMemo(() => ({ current: cell }), [cell]);
  const people = useMemo(
    () =>
      [...members.values()]
        .map(({ user_id, name }) => ({ id: user_id, name }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    [members],
  );
  const name = columnName(column, t);
  return (
    <Popover
      isOpen
      triggerRef={anchor}
      placement="bottom start"
      className={menus.popover ?? ''}
      onOpenChange={(open) => {
        if (!open) props.onDone(true);
      }}
    >
      <Dialog aria-label={name} className={styles.set ?? ''}>
        {column === 'labels' ? (
          <Chooser
            label={name}
            addLabel={t.dialogLabelAdd}
            chosen={card.labels.map((label) => ({ id: label, name: label }))}
            options={labels.map((label) => ({ id: label, name: label }))}
            nameNew={t.dialogLabelNew}
            maxLength={labelLimit}
            canEdit
            show={(label) => <BoardLabel label={label.name} />}
            onAdd={(label) => {
              onEdited(acts.label(card.id, label, true));
            }}
            onRemove={(label) => {
              onEdited(acts.label(card.id, label, false));
            }}
          />
        ) : (
          <Chooser
            label={name}
            addLabel={t.dialogAssigneeAdd}
            chosen={card.assignees.map((user) => ({ id: user, name: nameOf(user, members, t) }))}
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
              onEdited(acts.assign(card.id, user, true));
            }}
            onRemove={(user) => {
              onEdited(acts.assign(card.id, user, false));
            }}
          />
        )}
      </Dialog>
    </Popover>
  );
}

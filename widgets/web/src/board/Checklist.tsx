import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { MoreIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import type { CheckEntry } from './cardParts';
import styles from './Checklist.module.css';
import { titleLimit } from './limits';
import { Entry, MenuPopover } from './Menus';
import type { Card } from './model';
import { Section } from './Section';

interface ChecklistProps {
  readonly card: Card;
  /** The field for a new entry gets the focus at once. */
  readonly opened: boolean;
  readonly onEdited: (act: string) => void;
}

/** A card's checklist: entries are ticked off, renamed, moved and removed, and added at its end. */
export function Checklist({ card, opened, onEdited }: ChecklistProps): ReactNode {
  const t = useTexts();
  const { acts, canEdit } = useBoard();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const entries = card.checklist;
  const done = entries.filter((entry) => entry.done).length;

  /** Puts the focus on an entry's box once it is drawn, or on the field below them. */
  const focus = (entry: string | undefined): void => {
    requestAnimationFrame(() => {
      const box = list.current?.querySelector<HTMLElement>(
        `[data-check="${CSS.escape(entry ?? '')}"] input[type="checkbox"]`,
      );
      const field = list.current?.parentElement?.querySelector<HTMLElement>('form input');
      (box ?? field)?.focus();
    });
  };
  const move = (entry: CheckEntry, by: 1 | -1): void => {
    const from = entries.indexOf(entry);
    const to = from + by;
    if (to < 0 || to >= entries.length) return;
    const before = by < 0 ? entries[to] : entries[to + 1];
    onEdited(acts.moveCheck(card, entry.id, before?.id ?? null));
    setSaid(t.checkMoved(entry.title, to + 1, entries.length));
    focus(entry.id);
  };
  const remove = (entry: CheckEntry): void => {
    const at = entries.indexOf(entry);
    onEdited(acts.removeCheck(card.id, entry.id));
    focus((entries[at + 1] ?? entries[at - 1])?.id);
  };

  return (
    <Section
      title={t.checklist}
      beside={
        entries.length > 0 && (
          <>
            <progress
              className={styles.progress}
              value={done}
              max={entries.length}
              aria-label={t.cardChecked(done, entries.length)}
            />
            <span aria-hidden="true" className={controls.hint}>
              {done}/{entries.length}
            </span>
          </>
        )
      }
    >
      <ul ref={list} className={styles.entries} aria-label={t.checklist}>
        {entries.map((entry) => (
          <CheckRow
            key={entry.id}
            entry={entry}
            hint={`${id}k`}
            renaming={renaming === entry.id}
            first={entry === entries[0]}
            last={entry === entries.at(-1)}
            onTick={(on) => {
              onEdited(acts.editCheck(card.id, entry.id, { done: on }));
            }}
            onRename={setRenaming}
            onRenamed={(title) => {
              setRenaming(null);
              if (title && title !== entry.title) {
                onEdited(acts.editCheck(card.id, entry.id, { title }));
              }
            }}
            onFocusAgain={() => {
              focus(entry.id);
            }}
            onMove={(by) => {
              move(entry, by);
            }}
            onRemove={() => {
              remove(entry);
            }}
          />
        ))}
      </ul>
      {canEdit && (
        <>
          <NewCheck
            focused={opened}
            onAdd={(title) => {
              onEdited(acts.addCheck(card, title));
            }}
          />
          <p id={`${id}k`} hidden>
            {t.checkKeys}
          </p>
          <p role="status" className="visually-hidden">
            {said}
          </p>
        </>
      )}
    </Section>
  );
}

interface RowProps {
  readonly entry: CheckEntry;
  /** The id of the text that explains the keys. */
  readonly hint: string;
  readonly renaming: boolean;
  readonly first: boolean;
  readonly last: boolean;
  readonly onTick: (on: boolean) => void;
  readonly onRename: (entry: string) => void;
  readonly onRenamed: (title: string | null) => void;
  readonly onFocusAgain: () => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

function CheckRow(props: RowProps): ReactNode {
  const { entry } = props;
  const t = useTexts();
  const { canEdit } = useBoard();
  const id = useId();
  const [menu, setMenu] = useState<HTMLElement | null>(null);

  if (props.renaming) {
    return (
      <li className={styles.entry} data-check={entry.id}>
        <RenameCheck {...props} />
      </li>
    );
  }
  const pressed = (event: KeyboardEvent): void => {
    const act = {
      F2: () => {
        props.onRename(entry.id);
      },
      Delete: props.onRemove,
      ...(event.altKey && {
        ArrowUp: () => {
          props.onMove(-1);
        },
        ArrowDown: () => {
          props.onMove(1);
        },
      }),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <li className={styles.entry} data-check={entry.id}>
      <input
        type="checkbox"
        id={id}
        className={styles.tick}
        checked={entry.done}
        disabled={!canEdit}
        aria-describedby={props.hint}
        aria-keyshortcuts="F2 Alt+ArrowUp Alt+ArrowDown Delete"
        onChange={(event) => {
          props.onTick(event.target.checked);
        }}
        onKeyDown={canEdit ? pressed : undefined}
      />
      <label
        htmlFor={id}
        className={styles.text}
        data-done={entry.done ? '' : undefined}
        dir="auto"
      >
        {entry.title}
      </label>
      {canEdit && (
        <button
          type="button"
          className={controls.icon}
          aria-label={t.checkActions(entry.title)}
          aria-haspopup="menu"
          onClick={(event) => {
            setMenu(event.currentTarget);
          }}
        >
          <MoreIcon />
        </button>
      )}
      {menu && (
        <MenuPopover
          anchor={menu}
          label={t.checkActions(entry.title)}
          disabled={[...(props.first ? ['up'] : []), ...(props.last ? ['down'] : [])]}
          onAction={(key) => {
            if (key === 'rename') props.onRename(entry.id);
            if (key === 'up') props.onMove(-1);
            if (key === 'down') props.onMove(1);
            if (key === 'remove') props.onRemove();
          }}
          onClose={() => {
            setMenu(null);
          }}
        >
          <Entry id="rename">{t.checkRename}</Entry>
          <Entry id="up">{t.checkUp}</Entry>
          <Entry id="down">{t.checkDown}</Entry>
          <Entry id="remove" danger>
            {t.checkRemove}
          </Entry>
        </MenuPopover>
      )}
    </li>
  );
}

function RenameCheck({ entry, onRenamed, onFocusAgain }: RowProps): ReactNode {
  const t = useTexts();
  const [title, setTitle] = useState(entry.title);
  const field = useRef<HTMLInputElement>(null);
  const finished = useRef(false);
  useEffect(
    () =>
      afterMenus(() => {
        field.current?.focus();
        field.current?.select();
      }),
    [],
  );
  const finish = (keep: boolean): void => {
    if (finished.current) return;
    finished.current = true;
    onRenamed(keep ? oneLine(title) : null);
  };
  return (
    <input
      ref={field}
      className={controls.field}
      aria-label={t.checkTitle}
      value={title}
      maxLength={titleLimit}
      dir="auto"
      onChange={(event) => {
        setTitle(event.target.value);
      }}
      onBlur={() => {
        finish(true);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        finish(event.key === 'Enter');
        onFocusAgain();
      }}
    />
  );
}

function NewCheck(props: { focused: boolean; onAdd: (title: string) => void }): ReactNode {
  const t = useTexts();
  const [title, setTitle] = useState('');
  const add = (): void => {
    const text = oneLine(title);
    if (!text) return;
    setTitle('');
    props.onAdd(text);
  };
  return (
    <form
      className={styles.adder}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <input
        // Its section was opened for it.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={props.focused}
        className={controls.field}
        aria-label={t.checkAdd}
        placeholder={t.checkAdd}
        value={title}
        maxLength={titleLimit}
        dir="auto"
        onChange={(event) => {
          setTitle(event.target.value);
        }}
        onKeyDown={(event) => {
          // Escape throws away what was typed before it closes the card.
          if (event.key !== 'Escape' || title === '') return;
          event.stopPropagation();
          setTitle('');
        }}
      />
      {title !== '' && (
        <button type="submit" className={`${controls.button ?? ''} ${controls.small ?? ''}`}>
          {t.add}
        </button>
      )}
    </form>
  );
}

/** Waits until a menu that led here has given the focus back. */
function afterMenus(then: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(then);
  });
  return () => {
    cancelAnimationFrame(frame);
  };
}

/** As the server will write it. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

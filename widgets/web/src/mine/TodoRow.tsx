import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { titleLimit } from '../board/limits';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { DueMark } from './DueMark';
import styles from './Mine.module.css';
import type { Todo } from './todos';

interface TodoRowProps {
  readonly todo: Todo;
  readonly canEdit: boolean;
  readonly onTick: (todo: Todo) => void;
  readonly onEdit: (todo: Todo, change: { title: string; due: string }) => void;
  readonly onRemove: (todo: Todo) => void;
}

/** A personal to-do: ticked off, edited and deleted where it stands. */
export function TodoRow(props: TodoRowProps): ReactNode {
  const { todo, canEdit } = props;
  const t = useTexts();
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setEditing(false);
    // The button is there again after this.
    requestAnimationFrame(() => opener.current?.focus());
  };

  if (editing) {
    return (
      <li className={styles.entry}>
        <TodoForm
          title={todo.title}
          due={todo.due}
          label={t.mineEdit(todo.title)}
          submit={t.mineSave}
          onSubmit={(change) => {
            if (change.title !== todo.title || change.due !== todo.due) props.onEdit(todo, change);
            close();
          }}
          onCancel={close}
        />
      </li>
    );
  }
  return (
    <li className={styles.entry} data-todo={todo.id} data-done={todo.done ? '' : undefined}>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={todo.done}
          disabled={!canEdit}
          onChange={() => {
            props.onTick(todo);
          }}
        />
        <span dir="auto">{todo.title}</span>
      </label>
      <span className={styles.meta}>
        <span>{t.mineOwn}</span>
        {todo.due && <DueMark due={todo.due} done={todo.done} />}
      </span>
      {canEdit && (
        <span className={styles.tools}>
          <button
            ref={opener}
            type="button"
            className={`${controls.button ?? ''} ${controls.plain ?? ''} ${controls.small ?? ''}`}
            aria-label={t.mineEdit(todo.title)}
            onClick={() => {
              setEditing(true);
            }}
          >
            {t.mineEditShort}
          </button>
          <button
            type="button"
            className={`${controls.button ?? ''} ${controls.plain ?? ''} ${controls.small ?? ''}`}
            aria-label={t.mineRemove(todo.title)}
            onClick={() => {
              props.onRemove(todo);
            }}
          >
            {t.cardDelete}
          </button>
        </span>
      )}
    </li>
  );
}

/** Title and day of a to-do. */
export function TodoForm(props: {
  title: string;
  due: string;
  label: string;
  submit: string;
  onSubmit: (todo: { title: string; due: string }) => void;
  onCancel?: () => void;
}): ReactNode {
  const t = useTexts();
  const [title, setTitle] = useState(props.title);
  const [due, setDue] = useState(props.due);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const { onCancel } = props;
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !onCancel) return;
    event.preventDefault();
    onCancel();
  };
  return (
    <form
      className={styles.form}
      aria-label={props.label}
      onSubmit={(event) => {
        event.preventDefault();
        const written = title.trim();
        if (written) {
          props.onSubmit({ title: written, due });
          setTitle(onCancel ? written : '');
          setDue(onCancel ? due : '');
        }
        field.current?.focus();
      }}
    >
      <span className={styles.formTitle}>
        <label className={controls.label} htmlFor={`${id}title`}>
          {onCancel ? t.mineTitle : t.mineNew}
        </label>
        <input
          ref={field}
          id={`${id}title`}
          className={controls.field}
          value={title}
          maxLength={titleLimit}
          autoComplete="off"
          // The person has asked to edit this very title.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={onCancel !== undefined}
          onKeyDown={escape}
          onChange={(event) => {
            setTitle(event.target.value);
          }}
        />
      </span>
      <span>
        <label className={controls.label} htmlFor={`${id}due`}>
          {t.dialogDue}
        </label>
        <input
          id={`${id}due`}
          type="date"
          className={controls.field}
          min="1970-01-01"
          max="2999-12-31"
          value={due}
          onKeyDown={escape}
          onChange={(event) => {
            setDue(event.target.value);
          }}
        />
      </span>
      <span className={styles.formButtons}>
        <button type="submit" className={`${controls.button ?? ''} ${controls.primary ?? ''}`}>
          {props.submit}
        </button>
        {onCancel && (
          <button
            type="button"
            className={`${controls.button ?? ''} ${controls.plain ?? ''}`}
            onClick={onCancel}
          >
            {t.cancel}
          </button>
        )}
      </span>
    </form>
  );
}

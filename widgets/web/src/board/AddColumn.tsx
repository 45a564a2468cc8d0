import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { PlusIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './BoardSurface.module.css';
import { titleLimit } from './model';

/** Adds a column at the end; stays open for the next one. */
export function AddColumn(): ReactNode {
  const t = useTexts();
  const { acts, did } = useBoard();
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);

  useEffect(() => {
    if (open) field.current?.focus();
    else if (wasOpen.current) opener.current?.focus();
    wasOpen.current = open;
  }, [open]);

  const close = (): void => {
    setTitle('');
    setOpen(false);
  };

  if (!open) {
    return (
      <button
        ref={opener}
        type="button"
        className={styles.addColumn}
        onClick={() => {
          setOpen(true);
        }}
      >
        <PlusIcon />
        {t.columnAdd}
      </button>
    );
  }
  return (
    <form
      className={styles.columnForm}
      onSubmit={(event) => {
        event.preventDefault();
        const text = title.trim();
        if (!text) return;
        did(t.didAddColumn(text), acts.addColumn(text));
        setTitle('');
        field.current?.focus();
        field.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget) && !title.trim()) {
          wasOpen.current = false;
          close();
        }
      }}
    >
      <input
        ref={field}
        className={controls.field}
        aria-label={t.columnNewTitle}
        placeholder={t.columnNewTitle}
        value={title}
        maxLength={titleLimit}
        dir="auto"
        onChange={(event) => {
          setTitle(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
        }}
      />
      <div className={styles.formButtons}>
        <button
          type="submit"
          className={`${controls.button ?? ''} ${controls.primary ?? ''} ${controls.small ?? ''}`}
        >
          {t.add}
        </button>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.plain ?? ''} ${controls.small ?? ''}`}
          onClick={close}
        >
          {t.cancel}
        </button>
      </div>
    </form>
  );
}

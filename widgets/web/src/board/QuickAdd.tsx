import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { PlusIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './ColumnView.module.css';
import { titleLimit, type Column } from './model';

/** Adds cards at the end of a column; stays open for the next one. */
export function QuickAdd({ column, onAdded }: { column: Column; onAdded: () => void }): ReactNode {
  const t = useTexts();
  const { acts, did } = useBoard();
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const reopened = useRef(false);

  useEffect(() => {
    if (open) field.current?.focus();
    else if (reopened.current) opener.current?.focus();
    reopened.current = open;
  }, [open]);

  const add = (): void => {
    const text = title.replace(/\s+/g, ' ').trim();
    if (!text) return;
    did(t.didAdd(text), acts.addCard({ title: text, column: column.id }));
    setTitle('');
    field.current?.focus();
    onAdded();
  };

  if (!open) {
    return (
      <button
        ref={opener}
        type="button"
        className={styles.adder}
        aria-label={t.cardAddTo(column.title)}
        onClick={() => {
          setOpen(true);
        }}
      >
        <PlusIcon />
        {t.cardAdd}
      </button>
    );
  }
  return (
    <form
      className={styles.addForm}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget) && !title.trim()) {
          reopened.current = false;
          setOpen(false);
        }
      }}
    >
      <textarea
        ref={field}
        className={controls.field}
        aria-label={t.cardNewTitle}
        placeholder={t.cardNewTitle}
        rows={2}
        maxLength={titleLimit}
        value={title}
        dir="auto"
        onChange={(event) => {
          setTitle(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
            event.preventDefault();
            add();
          } else if (event.key === 'Escape') {
            setTitle('');
            setOpen(false);
          }
        }}
      />
      <div className={styles.addButtons}>
        <button
          type="submit"
          className={`${controls.button ?? ''} ${controls.primary ?? ''} ${controls.small ?? ''}`}
        >
          {t.add}
        </button>
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.plain ?? ''} ${controls.small ?? ''}`}
          onClick={() => {
            setTitle('');
            setOpen(false);
          }}
        >
          {t.cancel}
        </button>
      </div>
    </form>
  );
}

import type { ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { PlusIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './ColumnView.module.css';
import { titleLimit } from './limits';
import type { Column } from './model';
import { useInlineForm } from './useInlineForm';

/** Adds cards at the end of a column; stays open for the next one. */
export function QuickAdd({ column, onAdded }: { column: Column; onAdded: () => void }): ReactNode {
  const t = useTexts();
  const { acts, did } = useBoard();
  const { open, close, full, opener, form, field } = useInlineForm<HTMLTextAreaElement>((title) => {
    did(t.didAdd(title), acts.addCard({ title, column: column.id }));
    onAdded();
  });

  if (!open) {
    return (
      <button
        {...opener}
        type="button"
        data-quick-add=""
        className={styles.adder}
        aria-label={t.cardAddTo(column.title)}
      >
        <PlusIcon />
        {t.cardAdd}
      </button>
    );
  }
  return (
    <form {...form} className={styles.addForm}>
      <textarea
        {...field}
        className={controls.field}
        aria-label={t.cardNewTitle}
        placeholder={t.cardNewTitle}
        rows={2}
      />
      {full && (
        <p role="status" className={controls.error}>
          {t.dialogTooLong(titleLimit)}
        </p>
      )}
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
          onClick={close}
        >
          {t.cancel}
        </button>
      </div>
    </form>
  );
}

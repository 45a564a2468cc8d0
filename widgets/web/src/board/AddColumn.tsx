import type { ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { PlusIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './BoardSurface.module.css';
import { titleLimit } from './limits';
import { useInlineForm } from './useInlineForm';

/** Adds a column at the end; stays open for the next one. */
export function AddColumn(): ReactNode {
  const t = useTexts();
  const { acts, did } = useBoard();
  const { open, close, full, opener, form, field } = useInlineForm<HTMLInputElement>((title) => {
    did(t.didAddColumn(title), acts.addColumn(title));
  });

  if (!open) {
    return (
      <button {...opener} type="button" className={styles.addColumn}>
        <PlusIcon />
        {t.columnAdd}
      </button>
    );
  }
  return (
    <form {...form} className={styles.columnForm}>
      <input
        {...field}
        className={controls.field}
        aria-label={t.columnNewTitle}
        placeholder={t.columnNewTitle}
      />
      {full && (
        <p role="status" className={controls.error}>
          {t.dialogTooLong(titleLimit)}
        </p>
      )}
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

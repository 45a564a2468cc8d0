import { useId, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { SmallDialog } from '../ui/SmallDialog';
import { useBoard } from './BoardContext';
import { useFieldFocus } from './boards/useFieldFocus';
import { focusColumn } from './focus';
import type { Column } from './model';

/** How many cards there may be in a column. */
export function LimitDialog({
  column,
  onClose,
}: {
  column: Column;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const { acts, did } = useBoard();
  const [limit, setLimit] = useState(column.limit > 0 ? String(column.limit) : '');
  const [strict, setStrict] = useState(column.strict);
  const id = useId();
  const field = useFieldFocus();

  const set = (): void => {
    const most = limit.trim() === '' ? 0 : Number(limit);
    if (!Number.isInteger(most) || most < 0 || most > 999) return;
    onClose();
    const enforced = strict && most > 0;
    if (most !== column.limit || enforced !== column.strict) {
      const act = acts.editColumn(column.id, { limit: most, strict: enforced });
      did(t.didEditColumn(column.title), act);
    }
    focusColumn(column.id);
  };

  return (
    <SmallDialog
      title={t.limitTitle(column.title)}
      confirm={t.save}
      onConfirm={set}
      onClose={onClose}
    >
      <div>
        <label className={controls.label} htmlFor={id}>
          {t.limitMost}
        </label>
        <input
          ref={field}
          id={id}
          className={controls.field}
          type="number"
          inputMode="numeric"
          min={1}
          max={999}
          step={1}
          value={limit}
          aria-describedby={`${id}h`}
          onChange={(event) => {
            setLimit(event.target.value);
          }}
        />
        <p id={`${id}h`} className={controls.hint}>
          {t.limitHint}
        </p>
      </div>
      <label>
        <input
          type="checkbox"
          checked={strict}
          onChange={(event) => {
            setStrict(event.target.checked);
          }}
        />{' '}
        {t.limitStrict}
      </label>
    </SmallDialog>
  );
}

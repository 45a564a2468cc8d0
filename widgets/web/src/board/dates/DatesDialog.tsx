import { useId, useState, type ReactNode } from 'react';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { SmallDialog } from '../../ui/SmallDialog';
import type { CardChange } from '../acts';
import { useFieldFocus } from '../boards/useFieldFocus';
import { isDay } from '../days';
import type { Card } from '../model';

/** When a card begins and when it is due, both at once. */
export function DatesDialog(props: {
  card: Card;
  /** Null if it stays as it is. */
  onChange: (change: CardChange | null) => void;
  onClose: () => void;
}): ReactNode {
  const { card } = props;
  const t = useTexts();
  const [start, setStart] = useState(card.start);
  const [due, setDue] = useState(card.due);
  const id = useId();
  const first = useFieldFocus();
  const wrong = start !== '' && due !== '' && start > due;

  const save = (): void => {
    if (wrong || ![start, due].every((day) => day === '' || isDay(day))) return;
    const change: CardChange = {
      ...(start !== card.start && { start }),
      ...(due !== card.due && { due }),
    };
    props.onClose();
    props.onChange(Object.keys(change).length > 0 ? change : null);
  };

  return (
    <SmallDialog
      title={t.datesTitle(card.title || t.cardUntitled)}
      confirm={t.save}
      onConfirm={save}
      onClose={props.onClose}
    >
      <div>
        <label className={controls.label} htmlFor={`${id}s`}>
          {t.start}
        </label>
        <input
          ref={first}
          id={`${id}s`}
          className={controls.field}
          type="date"
          max="2999-12-31"
          value={start}
          aria-invalid={wrong}
          aria-describedby={`${id}h`}
          onChange={(event) => {
            setStart(event.target.value);
          }}
        />
      </div>
      <div>
        <label className={controls.label} htmlFor={`${id}d`}>
          {t.dialogDue}
        </label>
        <input
          id={`${id}d`}
          className={controls.field}
          type="date"
          max="2999-12-31"
          value={due}
          aria-describedby={`${id}h`}
          onChange={(event) => {
            setDue(event.target.value);
          }}
        />
      </div>
      <p
        id={`${id}h`}
        role={wrong ? 'alert' : undefined}
        className={wrong ? controls.error : controls.hint}
      >
        {wrong ? t.datesWrong : t.datesHint}
      </p>
    </SmallDialog>
  );
}

import { useId, useMemo, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';
import { descriptionLimit, plainLines, roomOf } from './limits';
import type { Card } from './model';
import { useDraft } from './useDraft';

/** From here on the field says how much room is left. */
const nearLimit = descriptionLimit / 10;

/** A card's description. One that is too long is neither sent nor thrown away. */
export function DescriptionField(props: {
  card: Card;
  onEdited: (act: string) => void;
}): ReactNode {
  const { card, onEdited } = props;
  const t = useTexts();
  const { acts, canEdit } = useBoard();
  const { toasts } = useHub();
  const id = useId();
  const draft = useDraft(
    card.description,
    (typed) => {
      const description = plainLines(typed);
      if (description !== card.description) onEdited(acts.editCard(card.id, { description }));
    },
    {
      key: card.id,
      fits: (typed) => roomOf(typed).beyond === 0,
      onKept: () => {
        toasts.refused(t.descriptionKept(card.title || t.cardUntitled));
      },
    },
  );
  const { left, beyond } = useMemo(() => roomOf(draft.value), [draft.value]);

  return (
    <div>
      <label className={controls.label} htmlFor={id}>
        {t.dialogDescription}
      </label>
      <textarea
        id={id}
        className={`${controls.field ?? ''} ${styles.description ?? ''}`}
        rows={4}
        value={draft.value}
        readOnly={!canEdit}
        dir="auto"
        placeholder={canEdit ? t.dialogDescriptionHint : ''}
        aria-invalid={beyond > 0}
        aria-describedby={`${id}r`}
        onChange={(event) => {
          draft.change(event.target.value);
        }}
        onBlur={draft.flush}
      />
      <p id={`${id}r`} className={beyond > 0 ? controls.error : controls.hint}>
        {beyond > 0 ? (
          <>
            <span role="alert">{t.dialogDescriptionLong}</span> {t.dialogShorten(beyond)}
          </>
        ) : (
          canEdit && left < nearLimit && t.dialogRoomLeft(left)
        )}
      </p>
      {beyond > 0 && (
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''} ${styles.discard ?? ''}`}
          onClick={draft.reset}
        >
          {t.dialogDiscard}
        </button>
      )}
    </div>
  );
}

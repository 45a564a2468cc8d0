import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { useHub } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { PenIcon } from '../ui/icons';
import { later } from '../ui/later';
import { AddButton } from './AddButton';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';
import { descriptionLimit, plainLines, roomOf } from './limits';
import type { Card } from './model';
import { useAfterPress } from './useAfterPress';
import { useDraft, type Draft } from './useDraft';

/** From here on the field says how much room is left. */
const nearLimit = descriptionLimit / 10;

// The parser is needed only where there is a description.
const markdown = later(() => import('./MarkdownText'));

/**
 * A card's description: shown as Markdown, and as it was typed while it is edited. One that is too
 * long is neither sent nor thrown away.
 */
export function DescriptionField(props: {
  card: Card;
  onEdited: (act: string) => void;
}): ReactNode {
  const { card, onEdited } = props;
  const t = useTexts();
  const { acts, canEdit } = useBoard();
  const { toasts } = useHub();
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const afterPress = useAfterPress();
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
  // What does not fit stays in its field until it does.
  const editing = canEdit && (open || roomOf(draft.value).beyond > 0);
  const edit = (): void => {
    setOpen(true);
  };

  if (editing) {
    return (
      <Editor
        draft={draft}
        focused={open}
        onFocus={edit}
        onLeave={() => {
          draft.flush();
          afterPress(() => {
            setOpen(false);
          });
        }}
        onFinish={() => {
          draft.flush();
          setOpen(false);
          requestAnimationFrame(() => opener.current?.focus());
        }}
      />
    );
  }
  if (!card.description) {
    return canEdit ? (
      <div>
        <AddButton ref={opener} label={t.descriptionAdd} onPress={edit} />
      </div>
    ) : null;
  }
  return (
    <section className={styles.section} aria-label={t.dialogDescription}>
      <div className={styles.sectionHead}>
        <h3 className={styles.subtitle}>{t.dialogDescription}</h3>
        {canEdit && (
          <button
            ref={opener}
            type="button"
            className={controls.icon}
            aria-label={t.descriptionEdit}
            title={t.descriptionEdit}
            onClick={edit}
          >
            <PenIcon />
          </button>
        )}
      </div>
      {/* The button does the same for keyboards and screen readers. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div
        className={styles.rendered}
        data-editable={canEdit ? '' : undefined}
        onClick={(event) => {
          if (canEdit && !meansSomethingElse(event)) edit();
        }}
      >
        <markdown.Part
          text={card.description}
          waiting={
            <p className={styles.words} dir="auto">
              {card.description}
            </p>
          }
          onMissing={() => undefined}
        />
      </div>
    </section>
  );
}

/** Following a link and marking text are no wish to edit. */
function meansSomethingElse(event: MouseEvent<HTMLElement>): boolean {
  if (event.target instanceof Element && event.target.closest('a')) return true;
  const selection = event.currentTarget.ownerDocument.getSelection();
  return selection !== null && !selection.isCollapsed;
}

function Editor(props: {
  draft: Draft;
  focused: boolean;
  onFocus: () => void;
  onLeave: () => void;
  onFinish: () => void;
}): ReactNode {
  const { draft } = props;
  const t = useTexts();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const { left, beyond } = useMemo(() => roomOf(draft.value), [draft.value]);
  const focusAtFirst = useRef(props.focused);
  useEffect(() => {
    if (!focusAtFirst.current) return;
    const end = field.current?.value.length ?? 0;
    field.current?.focus();
    field.current?.setSelectionRange(end, end);
  }, []);

  return (
    <div>
      <label className={controls.label} htmlFor={id}>
        {t.dialogDescription}
      </label>
      <textarea
        ref={field}
        id={id}
        className={`${controls.field ?? ''} ${styles.description ?? ''}`}
        rows={4}
        value={draft.value}
        dir="auto"
        placeholder={t.dialogDescriptionHint}
        aria-invalid={beyond > 0}
        aria-describedby={`${id}r ${id}h`}
        onFocus={props.onFocus}
        onChange={(event) => {
          props.onFocus();
          draft.change(event.target.value);
        }}
        onBlur={props.onLeave}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            props.onFinish();
          }
        }}
      />
      <p id={`${id}h`} className={controls.hint}>
        {t.descriptionHelp}
      </p>
      <p id={`${id}r`} className={beyond > 0 ? controls.error : controls.hint}>
        {beyond > 0 ? (
          <>
            <span role="alert">{t.dialogDescriptionLong}</span> {t.dialogShorten(beyond)}
          </>
        ) : (
          left < nearLimit && t.dialogRoomLeft(left)
        )}
      </p>
      {beyond > 0 && (
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''} ${styles.discard ?? ''}`}
          onClick={() => {
            draft.reset();
            field.current?.focus();
          }}
        >
          {t.dialogDiscard}
        </button>
      )}
    </div>
  );
}

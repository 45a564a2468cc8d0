import { useId, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { messageLink } from '../host/address';
import { showMoment } from '../text/dates';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { ArchiveIcon, CloseIcon, LinkIcon } from '../ui/icons';
import small from '../ui/SmallDialog.module.css';
import { nameOf, useBoard, useBoardView } from './BoardContext';
import styles from './CardDialog.module.css';
import { CardExtras } from './CardExtras';
import { CardFacts } from './CardFacts';
import { Comments } from './Comments';
import { DescriptionField } from './DescriptionField';
import { DrawnOn } from './DrawnOn';
import { Files } from './Files';
import { focusBeside } from './focus';
import { HistorySection } from './HistorySection';
import { titleLimit } from './limits';
import type { Card } from './model';
import { ColumnSelect } from './smallDialogs';
import { useDraft } from './useDraft';

/** Everything about one card. Fields save themselves when they are left. */
export function CardDialog(props: { id: string; onClose: () => void }): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  useBoardView(index); // the card is another after every change
  const card = index.card(props.id);
  const number = card?.number ? t.cardNumber(card.number) : '';
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={`${small.shade ?? ''} ${styles.shade ?? ''}`}
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
    >
      <Modal className={styles.window ?? ''}>
        {/* Each card has a dialog of its own, which takes the focus: one leads to another. */}
        <Dialog key={props.id} className={styles.dialog ?? ''}>
          <header className={styles.header}>
            <Heading slot="title" className={styles.heading ?? ''}>
              <span className={styles.number}>{number}</span>
              <span className="visually-hidden" dir="auto">
                {card?.title ?? t.dialogGone}
              </span>
            </Heading>
            <button
              type="button"
              className={controls.icon}
              aria-label={t.close}
              onClick={props.onClose}
            >
              <CloseIcon />
            </button>
          </header>
          {card ? (
            <CardFields card={card} onClose={props.onClose} />
          ) : (
            <p className={styles.gone}>{t.dialogGone}</p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function CardFields({ card, onClose }: { card: Card; onClose: () => void }): ReactNode {
  const t = useTexts();
  const { did } = useBoard();
  const title = card.title || t.cardUntitled;
  const edited = (act: string): void => {
    did(t.didEdit(title), act);
  };
  return (
    <>
      {card.archived && <ArchivedNote card={card} />}
      <div className={styles.body}>
        <div className={styles.main}>
          <TitleField card={card} onEdited={edited} />
          <DescriptionField card={card} onEdited={edited} />
          <CardExtras card={card} onEdited={edited} />
          <Files card={card} />
          <Comments card={card} />
          <HistorySection card={card} />
        </div>
        <div className={styles.side}>
          <ColumnField card={card} />
          <CardFacts card={card} onEdited={edited} />
          <Origin card={card} onClose={onClose} />
          <Ends card={card} onClose={onClose} />
        </div>
      </div>
    </>
  );
}

function ArchivedNote({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const { acts, canEdit, did } = useBoard();
  return (
    <div className={styles.archived}>
      <p>
        <ArchiveIcon /> {t.dialogArchived}
      </p>
      {canEdit && (
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''}`}
          onClick={() => {
            did(t.didRestore(card.title || t.cardUntitled), acts.archiveCard(card.id, false));
          }}
        >
          {t.dialogRestore}
        </button>
      )}
    </div>
  );
}

/** The column that the card stands in; what was put aside stands in none. */
function ColumnField({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const { acts, canEdit, did, index } = useBoard();
  const { all: columns } = useBoardView(index);
  const id = useId();
  if (card.archived) return null;
  return (
    <div>
      <label className={controls.label} htmlFor={id}>
        {t.dialogColumn}
      </label>
      <ColumnSelect
        id={id}
        columns={columns}
        value={card.column}
        disabled={!canEdit}
        onChange={(target) => {
          const into = columns.find((candidate) => candidate.id === target);
          if (!into) return;
          const title = card.title || t.cardUntitled;
          did(t.didMove(title, into.title), acts.moveCard(card.id, target, null));
        }}
      />
    </div>
  );
}

/** What ends the card's time on the board; both can be undone. */
function Ends({ card, onClose }: { card: Card; onClose: () => void }): ReactNode {
  const t = useTexts();
  const { acts, canEdit, did, index } = useBoard();
  if (!canEdit) return null;
  const title = card.title || t.cardUntitled;
  const leave = (said: string, act: () => string): void => {
    const column = index.view.all.find(({ id }) => id === card.column);
    onClose();
    did(said, act());
    if (column) focusBeside(card, column);
  };
  return (
    <div className={styles.row}>
      {!card.archived && (
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''}`}
          onClick={() => {
            leave(t.didArchive(title), () => acts.archiveCard(card.id, true));
          }}
        >
          {t.cardArchive}
        </button>
      )}
      <button
        type="button"
        className={`${controls.button ?? ''} ${controls.danger ?? ''} ${controls.small ?? ''}`}
        onClick={() => {
          leave(t.didDelete(title), () => acts.deleteCard(card.id));
        }}
      >
        {t.cardDelete}
      </button>
    </div>
  );
}

interface TextFieldProps {
  readonly card: Card;
  readonly onEdited: (act: string) => void;
}

function TitleField({ card, onEdited }: TextFieldProps): ReactNode {
  const t = useTexts();
  const { acts, canEdit } = useBoard();
  const id = useId();
  const draft = useDraft(card.title, (typed) => {
    const title = typed.replace(/\s+/g, ' ').trim();
    if (title && title !== card.title) onEdited(acts.editCard(card.id, { title }));
  });
  const empty = draft.value.trim() === '';
  const long = draft.value.length >= titleLimit;

  return (
    <div>
      <label className="visually-hidden" htmlFor={id}>
        {t.dialogTitle}
      </label>
      <textarea
        id={id}
        className={`${controls.field ?? ''} ${styles.title ?? ''}`}
        // For browsers that do not size a field by its content yet.
        rows={Math.min(5, Math.ceil(draft.value.length / 40) || 1)}
        maxLength={titleLimit}
        value={draft.value}
        readOnly={!canEdit}
        dir="auto"
        aria-invalid={empty}
        aria-describedby={`${id}e`}
        onChange={(event) => {
          draft.change(event.target.value);
        }}
        onBlur={draft.flush}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
            event.preventDefault();
            draft.flush();
          }
        }}
      />
      <p id={`${id}e`} className={controls.error}>
        {empty ? t.dialogNoTitle : long ? t.dialogTooLong(titleLimit) : ''}
      </p>
    </div>
  );
}

function Origin({ card, onClose }: { card: Card; onClose: () => void }): ReactNode {
  const t = useTexts();
  const { lang, members, room } = useBoard();
  return (
    <div className={styles.origin}>
      {card.source && (
        <p>
          {t.dialogSource}
          {': '}
          <a href={messageLink(room, card.source)} target="_blank" rel="noreferrer">
            {t.dialogOpenSource} <LinkIcon />
          </a>
        </p>
      )}
      <DrawnOn card={card.id} onClose={onClose} />
      {card.created && (
        <p>{t.dialogCreated(nameOf(card.createdBy, members, t), showMoment(card.created, lang))}</p>
      )}
    </div>
  );
}

import { useId, useMemo, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { messageLink } from '../host/address';
import { showMoment } from '../text/dates';
import { useTexts } from '../text/text';
import { Avatar, LabelChip } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { CloseIcon, LinkIcon } from '../ui/icons';
import small from '../ui/SmallDialog.module.css';
import { nameOf, useBoard, useBoardView } from './BoardContext';
import styles from './CardDialog.module.css';
import { Chooser } from './Chooser';
import { Comments } from './Comments';
import { DescriptionField } from './DescriptionField';
import { focusBeside } from './focus';
import { DueField } from './DueField';
import { labelLimit, titleLimit, userLimit } from './limits';
import type { Card } from './model';
import type { FoundCard } from './Overlays';
import { RepeatField } from './RepeatField';
import { ColumnSelect } from './smallDialogs';
import { useDraft } from './useDraft';

/** Everything about one card. Fields save themselves when they are left. */
export function CardDialog(props: {
  /** Null once the card has been deleted. */
  card: FoundCard | null;
  id: string;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const found = props.card;
  const number = found?.card.number ? t.cardNumber(found.card.number) : '';
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
        <Dialog className={styles.dialog ?? ''}>
          <header className={styles.header}>
            <Heading slot="title" className={styles.heading ?? ''}>
              <span className={styles.number}>{number}</span>
              <span className="visually-hidden" dir="auto">
                {found?.card.title ?? t.dialogGone}
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
          {found ? (
            <CardFields key={props.id} {...found} onClose={props.onClose} />
          ) : (
            <p className={styles.gone}>{t.dialogGone}</p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function CardFields(props: FoundCard & { onClose: () => void }): ReactNode {
  const { card, column, columns } = props;
  const t = useTexts();
  const { acts, did, canEdit, index, members } = useBoard();
  const { labels } = useBoardView(index);
  const id = useId();
  const title = card.title || t.cardUntitled;
  const edited = (act: string): void => {
    did(t.didEdit(title), act);
  };
  const people = useMemo(
    () =>
      [...members.values()]
        .map(({ user_id, name }) => ({ id: user_id, name }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    [members],
  );

  return (
    <div className={styles.body}>
      <div className={styles.main}>
        <TitleField card={card} onEdited={edited} />
        <DescriptionField card={card} onEdited={edited} />
        <Comments card={card} />
      </div>
      <div className={styles.side}>
        <div>
          <label className={controls.label} htmlFor={id}>
            {t.dialogColumn}
          </label>
          <ColumnSelect
            id={id}
            columns={columns}
            value={column.id}
            disabled={!canEdit}
            onChange={(target) => {
              const into = columns.find((candidate) => candidate.id === target);
              if (into) did(t.didMove(title, into.title), acts.moveCard(card.id, target, null));
            }}
          />
        </div>
        <DueField
          due={card.due}
          onChange={(due) => {
            edited(acts.editCard(card.id, { due }));
          }}
        />
        <RepeatField card={card} onEdited={edited} />
        <Chooser
          label={t.dialogAssignees}
          addLabel={t.dialogAssigneeAdd}
          chosen={card.assignees.map((user) => ({ id: user, name: nameOf(user, members, t) }))}
          options={people}
          nameNew={null}
          maxLength={userLimit}
          canEdit={canEdit}
          show={(person) => (
            <span className={styles.person}>
              <Avatar small user={person.id} name={person.name} />
              <span dir="auto">{person.name}</span>
            </span>
          )}
          onAdd={(user) => {
            edited(acts.assign(card.id, user, true));
          }}
          onRemove={(user) => {
            edited(acts.assign(card.id, user, false));
          }}
        />
        <Chooser
          label={t.dialogLabels}
          addLabel={t.dialogLabelAdd}
          chosen={card.labels.map((label) => ({ id: label, name: label }))}
          options={labels.map((label) => ({ id: label, name: label }))}
          nameNew={t.dialogLabelNew}
          maxLength={labelLimit}
          canEdit={canEdit}
          show={(label) => <LabelChip label={label.name} />}
          onAdd={(label) => {
            edited(acts.label(card.id, label, true));
          }}
          onRemove={(label) => {
            edited(acts.label(card.id, label, false));
          }}
        />
        <Origin card={card} />
        {canEdit && (
          <button
            type="button"
            className={`${controls.button ?? ''} ${controls.danger ?? ''} ${controls.small ?? ''} ${styles.delete ?? ''}`}
            onClick={() => {
              props.onClose();
              did(t.didDelete(title), acts.deleteCard(card.id));
              focusBeside(card, column);
            }}
          >
            {t.cardDelete}
          </button>
        )}
      </div>
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

function Origin({ card }: { card: Card }): ReactNode {
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
      {card.created && (
        <p>{t.dialogCreated(nameOf(card.createdBy, members, t), showMoment(card.created, lang))}</p>
      )}
    </div>
  );
}

import { useState, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { localeOf, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon } from '../ui/icons';
import small from '../ui/SmallDialog.module.css';
import styles from './ArchiveDialog.module.css';
import { useBoard, useBoardView } from './BoardContext';
import { BoardLabel } from './BoardLabel';
import dialogs from './CardDialog.module.css';
import { everything, passing } from './filter';
import { SearchTexts } from './search';

/** Nobody reads so long a list. */
const shownAtOnce = 100;

/** The cards that were put aside: to be found, opened, and brought back. */
export function ArchiveDialog({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const { acts, canEdit, did, index, lang, members, openCard, today } = useBoard();
  const { archived } = useBoardView(index);
  const [text, setText] = useState('');
  const [texts] = useState(() => new SearchTexts(localeOf(lang)));
  const around = { members, today, texts, isDone: () => false };
  const matches = archived
    .filter(passing({ ...everything, text }, around))
    .sort((a, b) => Number(b.number) - Number(a.number));
  const more = matches.length - shownAtOnce;

  return (
    <ModalOverlay
      isOpen
      isDismissable
      className={`${small.shade ?? ''} ${dialogs.shade ?? ''}`}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={dialogs.window ?? ''}>
        <Dialog className={dialogs.dialog ?? ''}>
          <header className={dialogs.header}>
            <Heading slot="title" className={styles.heading ?? ''}>
              {t.archive}
            </Heading>
            <button type="button" className={controls.icon} aria-label={t.close} onClick={onClose}>
              <CloseIcon />
            </button>
          </header>
          <div className={styles.body}>
            <input
              type="search"
              className={controls.field}
              aria-label={t.archiveSearch}
              placeholder={t.archiveSearch}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
              }}
            />
            <p role="status" className={controls.hint}>
              {archived.length === 0
                ? t.archiveEmpty
                : matches.length === 0
                  ? t.archiveNone
                  : t.archiveCount(matches.length)}
            </p>
            <ul className={styles.cards} aria-label={t.archive}>
              {matches.slice(0, shownAtOnce).map((card) => {
                const title = card.title || t.cardUntitled;
                return (
                  <li key={card.id} className={styles.card}>
                    <button
                      type="button"
                      className={styles.open}
                      aria-label={t.archiveOpen(title)}
                      onClick={() => {
                        openCard(card.id);
                      }}
                    >
                      <span dir="auto">{title}</span>
                      <span className={styles.facts}>
                        {card.number && (
                          <span className={controls.hint}>{t.cardNumber(card.number)}</span>
                        )}
                        {card.labels.map((label) => (
                          <BoardLabel key={label} label={label} />
                        ))}
                      </span>
                    </button>
                    {canEdit && (
                      <button
                        type="button"
                        className={`${controls.button ?? ''} ${controls.small ?? ''}`}
                        aria-label={t.archiveRestore(title)}
                        onClick={() => {
                          did(t.didRestore(title), acts.archiveCard(card.id, false));
                        }}
                      >
                        {t.dialogRestore}
                      </button>
                    )}
                  </li>
                );
              })}
            </ul>
            {more > 0 && <p className={controls.hint}>{t.archiveMore(more)}</p>}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

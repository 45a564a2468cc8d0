import type { ReactNode } from 'react';
import { Dialog, Heading, I18nProvider, Modal, ModalOverlay } from 'react-aria-components';
import { localeOf, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CloseIcon } from '../ui/icons';
import small from '../ui/SmallDialog.module.css';
import { useBoard } from './BoardContext';
import styles from './ShortcutsDialog.module.css';

/** All keys and what they do, and the switch that turns the letters off (WCAG 2.1.4). */
export default function ShortcutsDialog(props: {
  letters: boolean;
  onLetters: (on: boolean) => void;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const { lang } = useBoard();
  const shift = t.keyShift;
  const groups: readonly (readonly [string, readonly (readonly [readonly string[], string])[]])[] =
    [
      [
        t.keysEverywhere,
        [
          [['1', '2', '3', '4'], t.keysViews],
          [['/', 'F'], t.keysSearch],
          [['Q'], t.keysMine],
          [['N'], t.keysAdd],
          [['U'], t.undo],
          [['?'], t.keysHelp],
        ],
      ],
      [
        t.keysOnCard,
        [
          [[t.keyEnter], t.cardOpen],
          [['←', '→', '↑', '↓'], t.keysGo],
          [[`${shift}+←`, `${shift}+→`, `${shift}+↑`, `${shift}+↓`], t.keysMove],
          [[t.keySpace], t.keysLift],
          [['A'], t.keysAssignMe],
          [['M'], t.keysPeople],
          [['L'], t.dialogLabels],
          [['D'], t.dialogDue],
          [['P'], t.priority],
          [['C'], t.keysArchive],
          [['X'], t.keysSelect],
        ],
      ],
      [
        t.keysChosen,
        [
          [[t.keyCtrlClick], t.keysSelect],
          [[t.keyShiftClick], t.keysReach],
          [['M', 'L', 'D', 'P', 'C'], t.keysBulk],
          [[t.keyEscape], t.bulkClear],
        ],
      ],
      [
        t.viewTimeline,
        [
          [['+', '−'], t.keysEnd],
          [['<', '>'], t.keysStart],
        ],
      ],
    ];
  return (
    <I18nProvider locale={localeOf(lang)}>
      <ModalOverlay
        isOpen
        isDismissable
        className={small.shade ?? ''}
        onOpenChange={(open) => {
          if (!open) props.onClose();
        }}
      >
        <Modal className={`${small.window ?? ''} ${styles.window ?? ''}`}>
          <Dialog className={styles.dialog ?? ''}>
            <header className={styles.header}>
              <Heading slot="title" className={styles.title ?? ''}>
                {t.keys}
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
            <label className={styles.switch}>
              <input
                type="checkbox"
                checked={props.letters}
                onChange={(event) => {
                  props.onLetters(event.target.checked);
                }}
              />
              {t.keysLetters}
            </label>
            <p className={controls.hint}>{t.keysHint}</p>
            {groups.map(([name, keys]) => (
              <section key={name}>
                <h3 className={styles.group}>{name}</h3>
                <dl className={styles.keys}>
                  {keys.map(([pressed, does]) => (
                    <div key={does} className={styles.row}>
                      <dt>
                        {pressed.map((key) => (
                          <kbd key={key} className={styles.key}>
                            {key}
                          </kbd>
                        ))}
                      </dt>
                      <dd>{does}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </I18nProvider>
  );
}

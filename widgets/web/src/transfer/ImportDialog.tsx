import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useBoard, useBoardView } from '../board/BoardContext';
import { titleLimit } from '../board/limits';
import { useHub } from '../hub/hub';
import { newID } from '../live/ids';
import { sentenceFor } from '../session/signIn';
import { useLang, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import dialogs from '../ui/SmallDialog.module.css';
import { Destination } from './Destination';
import styles from './ImportDialog.module.css';
import { sendFile, type ImportAnswer, type Sending } from './server';

/** A file of this size and more the server does not take. */
const maxBytes = 16 * 1024 * 1024;

type Stage =
  | { readonly at: 'choosing'; readonly problem: string | null }
  | { readonly at: 'reading' | 'taking'; readonly part: number }
  | { readonly at: 'preview'; readonly answer: ImportAnswer };

/** Takes a file of another program over: choose, look at what would come of it, do it. */
export function ImportDialog({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const { client, toasts } = useHub();
  const { index } = useBoard();
  const { boards, board } = useBoardView(index);
  const [file, setFile] = useState<File | null>(null);
  // The board that it comes to; null is a new one.
  const [to, setTo] = useState<string | null>(boards.length > 0 ? board.id : null);
  const [title, setTitle] = useState('');
  const [stage, setStage] = useState<Stage>({ at: 'choosing', problem: null });
  // Asked again after an interruption, the same import is made once.
  const [name] = useState(newID);
  const sending = useRef<Sending | null>(null);
  const id = useId();

  useEffect(
    () => () => {
      sending.current?.abort();
    },
    [],
  );

  const send = (chosen: File, preview: boolean): void => {
    const { access } = client;
    if (!access) return;
    const at = preview ? 'reading' : 'taking';
    setStage({ at, part: 0 });
    const onProgress = (part: number): void => {
      setStage((now) => (now.at === at ? { at, part } : now));
    };
    const destination = preview ? null : { board: to, title: title.trim() };
    sending.current = sendFile({ access, file: chosen, destination, name, lang, onProgress });
    sending.current.answer.then(
      (answer) => {
        if (!preview) {
          done(answer);
          return;
        }
        setTitle((answer.boards[0] ?? withoutEnding(chosen.name)).slice(0, titleLimit));
        setStage({ at: 'preview', answer });
      },
      (error: unknown) => {
        setStage({ at: 'choosing', problem: sentenceFor(error, t) });
      },
    );
  };

  const done = ({ change, cards, into }: ImportAnswer): void => {
    onClose();
    if (into[0]) index.show(into[0]);
    toasts.done(
      t.didImport(cards),
      change === null
        ? null
        : () => {
            client.undoChange(change);
            toasts.done(t.didUndo, null);
          },
    );
  };

  const choose = (chosen: File | undefined): void => {
    setFile(chosen ?? null);
    if (!chosen) return;
    if (chosen.size > maxBytes) setStage({ at: 'choosing', problem: t.importTooLarge });
    else send(chosen, true);
  };

  const busy = stage.at === 'reading' || stage.at === 'taking';
  return (
    <ModalOverlay
      isOpen
      isDismissable={!busy}
      className={dialogs.shade ?? ''}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={`${dialogs.window ?? ''} ${styles.window ?? ''}`}>
        <Dialog className={dialogs.dialog ?? ''}>
          <form
            className={dialogs.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (file && stage.at === 'preview') send(file, false);
            }}
          >
            <Heading slot="title" className={dialogs.title ?? ''}>
              {t.importTitle}
            </Heading>
            <div>
              <label className={controls.label} htmlFor={id}>
                {t.importFile}
              </label>
              <input
                id={id}
                type="file"
                className={controls.field}
                aria-describedby={`${id}h`}
                disabled={busy}
                accept=".json,.csv,.tsv,.txt,.ics,.vcs,.boardarchive,.zip"
                onChange={(event) => {
                  choose(event.target.files?.[0]);
                }}
              />
              <p id={`${id}h`} className={controls.hint}>
                {t.importHint}
              </p>
            </div>
            <div role="status">
              {busy && <Progress stage={stage} />}
              {stage.at === 'preview' && <Preview answer={stage.answer} />}
            </div>
            {stage.at === 'preview' && (
              <Destination
                answer={stage.answer}
                to={to}
                title={title}
                onTo={setTo}
                onTitle={setTitle}
              />
            )}
            {stage.at === 'choosing' && stage.problem && (
              <p role="alert" className={controls.error}>
                {stage.problem}
              </p>
            )}
            <div className={dialogs.buttons}>
              <button type="button" className={controls.button} onClick={onClose}>
                {t.cancel}
              </button>
              <button
                type="submit"
                className={`${controls.button ?? ''} ${controls.primary ?? ''}`}
                disabled={stage.at !== 'preview' || stage.answer.cards + stage.answer.columns === 0}
              >
                {t.importDo}
              </button>
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What a board is called after a file that does not say. */
function withoutEnding(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

/** How far it is: sending first, which can be measured, then the server's work. */
function Progress({ stage }: { stage: { at: 'reading' | 'taking'; part: number } }): ReactNode {
  const t = useTexts();
  const sent = stage.part >= 1;
  const said = stage.at === 'reading' ? t.importReading : t.importTaking;
  return (
    <p className={styles.progress}>
      <progress aria-label={said} {...(sent ? {} : { value: stage.part, max: 1 })} />
      <span>{said}</span>
    </p>
  );
}

/** What would come of the file, and what of it would not. */
function Preview({ answer }: { answer: ImportAnswer }): ReactNode {
  const t = useTexts();
  const { format, boards, cards, columns, strangers, refused, more } = answer;
  const known: Readonly<Record<string, string>> = {
    trello: 'Trello',
    deck: 'Nextcloud Deck',
    focalboard: 'Focalboard',
    csv: t.importTable,
    ics: t.importCalendar,
    werkraum: 'Werkraum',
  };
  return (
    <div className={styles.preview}>
      <p>
        {t.importFound(known[format] ?? format, cards, columns)}
        {boards.length > 0 && <span dir="auto"> {boards.join(', ')}</span>}
      </p>
      {strangers.length > 0 && (
        <p className={controls.hint}>
          {t.importStrangers} <span dir="auto">{strangers.join(', ')}</span>
        </p>
      )}
      {refused.length > 0 && (
        <>
          <h3 className={styles.heading}>{t.importRefused(refused.length + more)}</h3>
          {/* It scrolls, so the keyboard must reach it. */}
          <div
            role="region"
            className={styles.refused}
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            aria-label={t.importRefused(refused.length + more)}
          >
            <ul>
              {refused.map(({ where, why }) => (
                <li key={`${where} ${why}`}>
                  <b dir="auto">{where}:</b> {why}
                </li>
              ))}
              {more > 0 && <li>{t.importMore(more)}</li>}
            </ul>
          </div>
        </>
      )}
    </div>
  );
}

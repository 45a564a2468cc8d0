import { useEffect, useRef, type ReactNode } from 'react';
import { useHub, useRoom } from '../hub/hub';
import type { PastChange } from '../live/protocol';
import { showMoment } from '../text/dates';
import { useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { UndoIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './History.module.css';
import type { Card } from './model';
import { tellChange, tellMeans } from './pastWords';

/** Several changes that come together are asked for once. */
const gatherFor = 300;

/** Who did what to a card, the newest first; in a file of its own, because it is fetched later. */
export default function History({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const { client } = useHub();
  const past = useRoom((state) => state.pasts.get(card.id));
  const connected = useRoom((state) => state.phase === 'live');
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    if (!connected) return;
    client.askHistory(card.id);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = client.onNotice((notice) => {
      if (notice.kind !== 'change' || !notice.ops.some(({ item }) => item === card.id)) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        client.askHistory(card.id);
      }, gatherFor);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, card.id, connected]);

  if (!past) return <p className={controls.hint}>{t.pastLoading}</p>;
  const last = past.entries.at(-1);
  return (
    <>
      {past.entries.length === 0 && <p className={controls.hint}>{t.pastNone}</p>}
      {/* The focus comes here from buttons that go. */}
      <ul ref={list} className={styles.entries} aria-label={t.past} tabIndex={-1}>
        {past.entries.map((entry) => (
          <Entry
            key={entry.seq}
            entry={entry}
            card={card}
            onDone={() => {
              list.current?.focus();
            }}
          />
        ))}
      </ul>
      {past.more && last && (
        <button
          type="button"
          className={`${controls.button ?? ''} ${controls.small ?? ''}`}
          onClick={() => {
            client.askHistory(card.id, last.seq);
          }}
        >
          {t.pastOlder}
        </button>
      )}
    </>
  );
}

function Entry(props: { entry: PastChange; card: Card; onDone: () => void }): ReactNode {
  const { entry, card, onDone } = props;
  const t = useTexts();
  const { client, toasts } = useHub();
  const { acts, canEdit, did, lang, members } = useBoard();
  const told = tellChange(entry, {
    t,
    lang,
    members,
    titleOf: (item) => {
      const title = client.items.get(item)?.fields.title;
      return typeof title === 'string' ? title : '';
    },
    now: (field) => client.items.get(card.id)?.fields[field],
  });
  const small = `${controls.button ?? ''} ${controls.small ?? ''}`;
  const restore = (change: { title?: string; description?: string }): void => {
    did(t.didEdit(card.title || t.cardUntitled), acts.editCard(card.id, change));
    onDone();
  };
  const { title, description } = entry.before;

  return (
    <li className={styles.entry}>
      <Avatar user={entry.by} name={entry.name} />
      <div>
        <p className={styles.byline}>
          <strong dir="auto">{entry.name}</strong>{' '}
          <span className={styles.means}>
            <time>{showMoment(entry.at, lang)}</time>
            {' · '}
            {tellMeans(entry, t)}
            {entry.items > 1 && `, ${t.pastWithOthers(entry.items - 1)}`}
          </span>
        </p>
        <ul className={styles.told}>
          {told.map((sentence) => (
            <li key={sentence} dir="auto">
              {sentence}
            </li>
          ))}
        </ul>
        {typeof description === 'string' && (
          <details className={styles.former}>
            <summary>{t.pastFormer}</summary>
            <p className={styles.text} dir="auto">
              {description}
            </p>
            {canEdit && description !== card.description && (
              <button
                type="button"
                className={small}
                onClick={() => {
                  restore({ description });
                }}
              >
                {t.pastBringBack}
              </button>
            )}
          </details>
        )}
        <div className={styles.buttons}>
          {canEdit && typeof title === 'string' && title !== card.title && (
            <button
              type="button"
              className={small}
              onClick={() => {
                restore({ title });
              }}
            >
              {t.pastBringBackTitle(title)}
            </button>
          )}
          {entry.undo && (
            <button
              type="button"
              className={small}
              aria-label={t.pastUndo(told.join(', '))}
              onClick={() => {
                acts.undoChange(entry.change, card.id, entry.before);
                toasts.done(t.didUndo, null);
                onDone();
              }}
            >
              <UndoIcon />
              {t.undo}
            </button>
          )}
        </div>
      </div>
    </li>
  );
}

import { useEffect, type ReactNode } from 'react';
import { messageLink } from '../host/address';
import { useHub, useRoom } from '../hub/hub';
import { showMoment } from '../text/dates';
import { useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { CommentIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';
import type { Card } from './model';

/** The replies in the card's thread; they are written in the chat, by whatever client. */
export function Comments({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const { client } = useHub();
  const { lang, room } = useBoard();
  const comments = useRoom((state) => state.comments.get(card.id));
  const count = useRoom((state) => state.counts.get(card.id) ?? 0);

  // Asked again whenever their number changes: somebody has written one.
  useEffect(() => {
    client.askComments(card.id);
  }, [client, card.id, count]);

  return (
    <section className={styles.comments} aria-label={t.dialogComments}>
      <h3 className={styles.subtitle}>{t.dialogComments}</h3>
      {comments && comments.length > 0 ? (
        <ul className={styles.thread}>
          {comments.map((comment) => (
            <li key={comment.event_id} className={styles.comment}>
              <Avatar user={comment.by} name={comment.name} />
              <div>
                <p className={styles.byline}>
                  <strong dir="auto">{comment.name}</strong>{' '}
                  <time>{showMoment(comment.at, lang)}</time>
                </p>
                <p className={styles.words} dir="auto">
                  {comment.body}
                </p>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <p className={controls.hint}>{count > 0 ? t.dialogLoadingComments : t.dialogNoComments}</p>
      )}
      <p className={controls.hint}>{t.dialogCommentsHint}</p>
      {card.message && (
        <a
          className={`${controls.button ?? ''} ${controls.small ?? ''}`}
          href={messageLink(room, card.message)}
          target="_blank"
          rel="noreferrer"
        >
          <CommentIcon />
          {t.dialogOpenThread}
        </a>
      )}
    </section>
  );
}

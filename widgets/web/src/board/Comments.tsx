import { useEffect, useRef, useState, type ReactNode } from 'react';
import { messageLink } from '../host/address';
import { useHub, useRoom } from '../hub/hub';
import type { Comment } from '../live/protocol';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { CommentIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';
import { CommentField } from './CommentField';
import { CommentItem } from './CommentItem';
import type { Card } from './model';
import { useSay } from './useSay';

/** The talk about a card: the thread of its message, live. */
export function Comments({ card }: { card: Card }): ReactNode {
  const t = useTexts();
  const { client } = useHub();
  const { room, me } = useBoard();
  const comments = useRoom((state) => state.comments.get(card.id));
  const count = useRoom((state) => state.counts.get(card.id) ?? 0);
  const saying = useRoom((state) => state.saying);
  const mayComment = useRoom((state) => state.me?.can.comment === true);
  const section = useRef<HTMLHeadingElement>(null);
  const underWay = saying.filter((said) => said.card === card.id);
  const news = useNews(comments, me);
  const say = useSay(card);

  useEffect(() => {
    client.followComments(card.id);
    return () => {
      client.followComments(null);
    };
  }, [client, card.id]);

  return (
    <section className={styles.comments} aria-label={t.dialogComments}>
      {/* The focus comes here from buttons that go. */}
      <h3 ref={section} className={styles.subtitle} tabIndex={-1}>
        {t.dialogComments}
      </h3>
      {comments && comments.length > 0 ? (
        <ul className={styles.thread}>
          {comments.map((comment) => (
            <CommentItem
              key={comment.event_id}
              comment={comment}
              onGone={() => section.current?.focus()}
            />
          ))}
        </ul>
      ) : (
        underWay.length === 0 && (
          <p className={controls.hint}>
            {count > 0 ? t.dialogLoadingComments : t.dialogNoComments}
          </p>
        )
      )}
      {underWay.length > 0 && (
        <ul className={styles.thread} aria-label={t.commentsUnderWay}>
          {underWay.map((said) => (
            <li key={said.id}>
              <p className={styles.words} dir="auto">
                {said.text}
              </p>
              <p className={controls.hint}>{t.commentUnderWay}</p>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className="visually-hidden">
        {news && t.commentNew(news.name)}
      </p>
      {mayComment ? (
        <CommentField id={card.id} label={t.commentWrite} send={t.commentSend} say={say} />
      ) : (
        <p className={controls.hint}>{t.commentNotHere}</p>
      )}
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

/** The last comment of somebody else that came while the card was open, for screen readers. */
function useNews(comments: readonly Comment[] | undefined, me: string): Comment | null {
  const [news, setNews] = useState<Comment | null>(null);
  const last = comments?.at(-1);
  const seen = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!comments) return;
    const known = seen.current;
    seen.current = last?.event_id ?? '';
    if (known === undefined || !last || known === last.event_id || last.by === me) return;
    if (comments.length > 1 && !comments.some(({ event_id }) => event_id === known)) return;
    setNews(last);
  }, [comments, last, me]);
  return news;
}

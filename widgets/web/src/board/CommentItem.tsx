import { useRef, useState, type ReactNode } from 'react';
import { useHub, useRoom } from '../hub/hub';
import type { Comment } from '../live/protocol';
import { showMoment } from '../text/dates';
import { useTexts } from '../text/text';
import { Avatar } from '../ui/Avatar';
import controls from '../ui/controls.module.css';
import { Linked } from '../ui/Linked';
import { useBoard } from './BoardContext';
import styles from './CardDialog.module.css';
import { CommentField } from './CommentField';
import { useEdit } from './useSay';

const small = `${controls.button ?? ''} ${controls.small ?? ''} ${controls.plain ?? ''}`;

/** What somebody said about a card; one's own can be edited and taken away. */
export function CommentItem(props: {
  comment: Comment;
  /** It was taken away, and with it the button that had the focus. */
  onGone: () => void;
}): ReactNode {
  const { comment } = props;
  const t = useTexts();
  const { client } = useHub();
  const { lang, me } = useBoard();
  const edit = useEdit(comment);
  const mayComment = useRoom((state) => state.me?.can.comment === true);
  const underWay = useRoom((state) =>
    state.saying.findLast((said) => said.comment === comment.event_id),
  );
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const mine = comment.by === me;
  const excerpt = comment.body.slice(0, 60);
  const stop = (): void => {
    setEditing(false);
    requestAnimationFrame(() => opener.current?.focus());
  };

  return (
    <li className={styles.comment}>
      <Avatar user={comment.by} name={comment.name} />
      <div>
        <p className={styles.byline}>
          <strong dir="auto">{comment.name}</strong> <time>{showMoment(comment.at, lang)}</time>
        </p>
        {editing && edit ? (
          <CommentField
            id={comment.event_id}
            label={t.commentEditOf(excerpt)}
            said={comment.body}
            send={t.save}
            say={async (text, named) => {
              const done = text === comment.body || (await edit(text, named));
              if (done) stop();
              return done;
            }}
            cancel={stop}
          />
        ) : (
          <>
            <p className={styles.words} dir="auto">
              <Linked text={underWay?.text ?? comment.body} />
            </p>
            {underWay && <p className={controls.hint}>{t.commentUnderWay}</p>}
            {mine && (
              <div className={styles.does}>
                {edit && mayComment && (
                  <button
                    ref={opener}
                    type="button"
                    className={small}
                    aria-label={t.commentEditOf(excerpt)}
                    onClick={() => {
                      setEditing(true);
                    }}
                  >
                    {t.commentEdit}
                  </button>
                )}
                {comment.posted && (
                  <button
                    type="button"
                    className={small}
                    aria-label={t.commentDeleteOf(excerpt)}
                    onClick={() => {
                      client.dropComment(comment.event_id);
                      props.onGone();
                    }}
                  >
                    {t.commentDelete}
                  </button>
                )}
              </div>
            )}
          </>
        )}
      </div>
    </li>
  );
}

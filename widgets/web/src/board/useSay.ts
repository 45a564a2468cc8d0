import { HostSilent } from '../host/errors';
import { useHub } from '../hub/hub';
import type { Comment } from '../live/protocol';
import { useTexts } from '../text/text';
import type { Say } from './CommentField';
import type { Card } from './model';
import { editOf, messageOf } from './saying';

/** Says something as the person, if there is a chat client around the page that lets it. */
function useSayAs(): (
  content: Readonly<Record<string, unknown>>,
) => Promise<'said' | 'not' | null> {
  const t = useTexts();
  const { sayAs, toasts } = useHub();
  return async (content) => {
    try {
      return (await sayAs?.(content)) === true ? 'said' : 'not';
    } catch (error) {
      if (!(error instanceof HostSilent)) throw error;
      toasts.refused(t.commentUncertain);
      return null;
    }
  };
}

/** How something is said about a card: by the person themself where that goes, else by the bot. */
export function useSay(card: Card): Say {
  const { client } = useHub();
  const sayAs = useSayAs();
  return async (text, named) => {
    // A card without a message has no thread yet; the bot makes one.
    const done = card.message ? await sayAs(messageOf(text, named, card.message)) : 'not';
    if (done === 'said') client.expectComment({ card: card.id, text });
    if (done === 'not') client.say(card.id, text, named.map(userOf));
    return done !== null;
  };
}

/**
 * How a comment of the person's is edited: by whoever has sent its message, the bot or the person
 * themself; null where the person could do it in the chat only.
 */
export function useEdit(comment: Comment): Say | null {
  const t = useTexts();
  const { client, sayAs: speaks, toasts } = useHub();
  const sayAs = useSayAs();
  if (comment.posted) {
    return (text, named) => {
      client.editComment(comment.event_id, text, named.map(userOf));
      return Promise.resolve(true);
    };
  }
  if (!speaks) return null;
  return async (text, named) => {
    const done = await sayAs(editOf(text, named, comment));
    if (done === 'said') client.expectComment({ comment: comment.event_id, text });
    if (done === 'not') toasts.refused(t.commentEditInChat);
    return done === 'said';
  };
}

function userOf({ user_id }: { readonly user_id: string }): string {
  return user_id;
}

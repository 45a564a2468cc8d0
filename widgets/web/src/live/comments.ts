import type { Comment } from './protocol';

/** So many comments of a card are shown, as the server sends them. */
const kept = 200;

/** The comments with one that is new or altered, or without one that has gone; oldest first. */
export function withComment(
  known: readonly Comment[],
  comment: Comment | null,
  gone: string,
): readonly Comment[] {
  if (!comment) return known.filter(({ event_id }) => event_id !== gone);
  const at = known.findIndex(({ event_id }) => event_id === comment.event_id);
  if (at >= 0) return [...known.slice(0, at), comment, ...known.slice(at + 1)];
  const later = known.findIndex(
    (other) =>
      other.at > comment.at || (other.at === comment.at && other.event_id > comment.event_id),
  );
  const place = later < 0 ? known.length : later;
  return [...known.slice(0, place), comment, ...known.slice(place)].slice(-kept);
}

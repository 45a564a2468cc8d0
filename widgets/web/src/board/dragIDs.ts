/** Ids for the dragging library, which wants them unique over cards, columns and lists. */
export const cardDrag = (card: string): string => `card:${card}`;
export const columnDrag = (column: string): string => `column:${column}`;
export const listDrop = (column: string): string => `list:${column}`;
export const columnsDrop = 'columns';

/** A card in a lane, where it may be in another one too. */
export const laneCardDrag = (lane: string, card: string): string =>
  `card:${encodeURIComponent(lane)}:${card}`;

/** A column's part of a lane. */
export const laneDrop = (lane: string, column: string): string =>
  `lane:${encodeURIComponent(lane)}:${column}`;

/** The item's id in an id for the dragging library; items' ids have no colon. */
export function itemOf(dragID: string): string {
  return dragID.slice(dragID.lastIndexOf(':') + 1);
}

/** The lane in the id of a part of one. */
export function laneOf(dropID: string): string {
  return decodeURIComponent(dropID.split(':')[1] ?? '');
}

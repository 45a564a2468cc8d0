/** Ids for the dragging library, which wants them unique over cards, columns and lists. */
export const cardDrag = (card: string): string => `card:${card}`;
export const columnDrag = (column: string): string => `column:${column}`;
export const listDrop = (column: string): string => `list:${column}`;
export const columnsDrop = 'columns';

/** The item's id in an id for the dragging library. */
export function itemOf(dragID: string): string {
  return dragID.slice(dragID.indexOf(':') + 1);
}

/** The row of the heads. */
export const headRow = -2;

/** A cell by its place. */
export interface CellPlace {
  /** From 0; `headRow` for the heads. */
  readonly row: number;
  readonly column: number;
}

/** Which cell a key leads to; null if it leads nowhere. As in the ARIA pattern of a grid. */
export function nextCell(
  key: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean },
  from: CellPlace,
  rows: number,
  columns: number,
  page: number,
): CellPlace | null {
  const ctrl = key.ctrlKey || key.metaKey;
  const row = from.row === headRow ? -1 : from.row;
  const to = (r: number, c: number): CellPlace => ({
    row: Math.max(-1, Math.min(rows - 1, r)) === -1 ? headRow : Math.min(rows - 1, r),
    column: Math.max(0, Math.min(columns - 1, c)),
  });
  switch (key.key) {
    case 'ArrowUp':
      return ctrl ? null : to(row - 1, from.column);
    case 'ArrowDown':
      return ctrl ? null : to(row + 1, from.column);
    case 'ArrowLeft':
      return ctrl ? null : to(row, from.column - 1);
    case 'ArrowRight':
      return ctrl ? null : to(row, from.column + 1);
    case 'Home':
      return ctrl ? to(0, 0) : to(row, 0);
    case 'End':
      return ctrl ? to(rows - 1, columns - 1) : to(row, columns - 1);
    case 'PageUp':
      return to(Math.max(0, row - Math.max(1, page)), from.column);
    case 'PageDown':
      return to(row + Math.max(1, page), from.column);
    default:
      return null;
  }
}

import type { BoardItem } from '../model';

/** What the tabs switch; the part of the page below them. */
export const boardPanel = 'board-panel';

/** The id of a board's tab. */
export const tabOf = (board: string): string => `board-tab-${board}`;

/** What a board is called. */
export function titleOf(board: BoardItem, main: string): string {
  return board.title || main;
}

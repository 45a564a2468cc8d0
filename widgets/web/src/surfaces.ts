import type { ComponentType } from 'react';
import { BoardSurface } from './board/BoardSurface';
import { WhiteboardSurface } from './whiteboard/WhiteboardSurface';
import type { Texts } from './text/text';

/** One view of a room's work: a tab of the widget. */
export interface Surface {
  readonly id: string;
  readonly title: (t: Texts) => string;
  /** Fills the page; puts its own tools into the bar through `TopBar`. */
  readonly View: ComponentType;
}

/** Every surface there is, in the order of their tabs. Adding one touches nothing else. */
export const surfaces: readonly [Surface, ...Surface[]] = [
  { id: 'board', title: (t) => t.board, View: BoardSurface },
  { id: 'whiteboard', title: (t) => t.whiteboard, View: WhiteboardSurface },
];

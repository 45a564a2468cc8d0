import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Lang, Member } from '../live/protocol';
import type { Texts } from '../text/text';
import type { BoardActs } from './acts';
import type { WholeBoardActs } from './boardActs';
import type { BoardIndex, BoardView } from './boardIndex';
import type { ColoredLabels } from './labels';
import type { Card, Column } from './model';
import type { Selection } from './selection';

/** What the parts of a board share. Everything in it changes rarely, so that cards stay put. */
export interface Board {
  readonly index: BoardIndex;
  readonly acts: BoardActs;
  /** What can be done with whole boards. */
  readonly wholes: WholeBoardActs;
  readonly canEdit: boolean;
  readonly members: ReadonlyMap<string, Member>;
  /** The labels that the room has given a colour. */
  readonly colors: ColoredLabels;
  readonly me: string;
  readonly room: string;
  readonly lang: Lang;
  /** Today as YYYY-MM-DD. */
  readonly today: string;
  /** Says what was done and offers to undo it. */
  readonly did: (text: string, act: string) => void;
  /** The cards that are chosen to be changed together. */
  readonly selection: Selection;
  readonly openCard: (card: string) => void;
  /** Shows the cards that were put aside. */
  readonly openArchive: () => void;
  readonly openCardMenu: (card: Card, anchor: HTMLElement) => void;
  readonly openColumnMenu: (column: Column, anchor: HTMLElement) => void;
}

export const BoardContext = createContext<Board | null>(null);

/** What the parts of a board share; only below a board. */
export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (!board) throw new Error('useBoard outside of a board');
  return board;
}

/** The board as it is shown now. */
export function useBoardView(index: BoardIndex): BoardView {
  return useSyncExternalStore(
    (listener) => index.subscribe(listener),
    () => index.view,
  );
}

/** The server in the ids of those who stand in for people who were erased. */
const standInServer = ':werkraum.invalid';

/** A person's name, or their user id if they are not in the room. */
export function nameOf(user: string, members: ReadonlyMap<string, Member>, t: Texts): string {
  if (user.endsWith(standInServer)) return t.erasedPerson;
  return members.get(user)?.name ?? user;
}

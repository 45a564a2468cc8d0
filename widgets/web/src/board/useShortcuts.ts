import { useEffect, useRef } from 'react';
import { useHub } from '../hub/hub';
import { useTexts, type Texts } from '../text/text';
import type { Board } from './BoardContext';
import type { BulkTool } from './BulkBar';
import type { Filter, Passes } from './filter';
import { focusBeside, focusCard, goToCard } from './focus';
import type { Card, Column } from './model';
import { arrowOf, focusedCard, isBusy, shortcutOf, type Shortcut } from './shortcuts';
import type { ViewState } from './viewState';

/** What keys act on. */
export interface Keyed {
  readonly board: Board;
  /** False: only what needs no letter goes on working. */
  readonly letters: boolean;
  readonly shown: ViewState;
  readonly passes: Passes | null;
  readonly onChange: (change: Partial<ViewState>) => void;
  readonly onHelp: () => void;
  readonly onTool: (tool: BulkTool) => void;
  readonly onUndo: () => void;
}

/** Listens to the keys that work everywhere on the board. */
export function useShortcuts(keyed: Keyed): void {
  const t = useTexts();
  const { toasts } = useHub();
  const latest = useRef({ keyed, t, toasts });
  useEffect(() => {
    latest.current = { keyed, t, toasts };
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { keyed, t } = latest.current;
      if (event.defaultPrevented || isBusy(event.target)) return;
      const arrow = keyed.shown.layout === 'board' ? arrowOf(event.key) : null;
      if (arrow) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (onArrow(keyed, arrow, event.shiftKey, t)) {
          event.preventDefault();
        }
        return;
      }
      const shortcut = shortcutOf(event);
      if (shortcut === null || (!keyed.letters && shortcut !== 'clear')) return;
      if (run(shortcut, keyed, t)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => {
      document.removeEventListener('keydown', pressed);
    };
  }, []);
}

/** Goes to a neighbouring card, or moves the card there. */
function onArrow(
  { board, passes }: Keyed,
  [right, down]: readonly [number, number],
  move: boolean,
  t: Texts,
): boolean {
  const id = focusedCard();
  const card = id === null ? undefined : board.index.card(id);
  if (!card) return false;
  const { columns } = board.index.view;
  const at = columns.findIndex((column) => column.id === card.column);
  const here = columns[at];
  if (!here) return false;
  const seen = (column: Column): readonly Card[] =>
    passes ? column.cards.filter(passes) : column.cards;
  const place = seen(here).findIndex((other) => other.id === card.id);
  if (move) {
    if (!board.canEdit) return false;
    const into = columns[at + right];
    if (!into) return false;
    const others = into.cards.filter((other) => other.id !== card.id);
    const among = here.cards.findIndex((other) => other.id === card.id);
    const to = right === 0 ? among + down : Math.min(among, others.length);
    if (to < 0 || to > others.length || (right === 0 && to === among)) return false;
    const act = board.acts.moveCard(card.id, into.id, others[to]?.id ?? null);
    board.did(t.didMove(card.title || t.cardUntitled, into.title), act);
    focusCard(card.id, into.id);
    return true;
  }
  let next: Card | undefined;
  if (right === 0) {
    next = seen(here)[place + down];
  } else {
    for (let i = at + right; columns[i] && !next; i += right) {
      const cards = seen(columns[i] ?? here);
      next = cards[Math.min(place, cards.length - 1)];
    }
  }
  if (!next) return false;
  goToCard(next.id, next.column);
  return true;
}

/** Does what a key asks for; false if there is nothing to do it on. */
function run(shortcut: Shortcut, keyed: Keyed, t: Texts): boolean {
  const { board, shown, onChange } = keyed;
  const { selection } = board;
  const id = focusedCard();
  switch (shortcut) {
    case 'board':
    case 'table':
    case 'calendar':
    case 'timeline':
      onChange({ layout: shortcut });
      return true;
    case 'help':
      keyed.onHelp();
      return true;
    case 'search':
      return toSearch();
    case 'mine':
      onChange({ filter: mine(shown.filter, board.me) });
      return true;
    case 'clear':
      if (selection.ids.size === 0) return false;
      selection.clear();
      return true;
    default:
  }
  if (!board.canEdit) return false;
  switch (shortcut) {
    case 'add':
      return add(board, id, shown.layout === 'board', onChange);
    case 'undo':
      keyed.onUndo();
      return true;
    case 'select':
      if (id === null) return false;
      selection.toggle(id);
      return true;
    case 'assignMe': {
      const card = id === null ? undefined : board.index.card(id);
      if (selection.ids.size > 0 || !card) return false;
      const on = !card.assignees.includes(board.me);
      board.did(t.didEdit(card.title || t.cardUntitled), board.acts.assign(card.id, board.me, on));
      return true;
    }
    case 'archive':
      return archive(board, id, t);
    default:
      // What is chosen, or else the card with the focus.
      if (selection.ids.size === 0) {
        if (id === null) return false;
        selection.toggle(id);
      }
      keyed.onTool(shortcut);
      return true;
  }
}

/** Puts what is chosen, or else the card with the focus, into the archive. */
function archive(
  { selection, acts, index, did }: Board,
  focused: string | null,
  t: Texts,
): boolean {
  const ids = selection.ids.size > 0 ? [...selection.ids] : focused === null ? [] : [focused];
  if (ids.length === 0) return false;
  const card = focused === null ? undefined : index.card(focused);
  const column = card && index.column(card.column);
  did(t.didBulk(ids.length), acts.changeCards(ids, { archive: true }));
  selection.clear();
  if (card && column && ids.includes(card.id)) focusBeside(card, column);
  return true;
}

function mine(filter: Filter, me: string): Filter {
  const only = filter.people.length === 1 && filter.people[0] === me;
  return { ...filter, people: only ? [] : [me] };
}

function toSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-search-field]');
  if (!field) return false;
  // Where there is little room it lies behind a button.
  if (field.offsetParent === null) {
    document.querySelector<HTMLElement>('[data-search-toggle]')?.click();
  }
  requestAnimationFrame(() => {
    field.focus();
    field.select();
  });
  return true;
}

/** Opens the field for a new card in the column of the focus, else in the first one. */
function add(
  board: Board,
  focused: string | null,
  onBoard: boolean,
  onChange: (change: Partial<ViewState>) => void,
): boolean {
  const card = focused === null ? undefined : board.index.card(focused);
  const column = card?.column ?? board.index.view.columns[0]?.id;
  if (column === undefined) return false;
  if (!onBoard) onChange({ layout: 'board' });
  requestAnimationFrame(() => {
    document
      .querySelector<HTMLElement>(`[data-column-id="${CSS.escape(column)}"] [data-quick-add]`)
      ?.click();
  });
  return true;
}

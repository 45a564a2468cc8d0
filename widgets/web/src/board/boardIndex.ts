import type { Items } from '../live/items';
import type { Item } from '../live/protocol';
import { labelKey, labelOf, type ColoredLabels, type LabelItem } from './labels';
import {
  boardOf,
  byRank,
  cardOf,
  columnOf,
  mainBoard,
  type BoardItem,
  type Card,
  type Column,
} from './model';
import { Relations } from './relations';
import { savedViewOf, type SavedView } from './savedViews';

/** A board as it is shown; a new object after every change. */
export interface BoardView {
  /** The boards of the room that people see, in order. */
  readonly boards: readonly BoardItem[];
  /** The board that is shown; if all are put away, the main one, without columns. */
  readonly board: BoardItem;
  /** Its columns in order. */
  readonly columns: readonly Column[];
  /** The columns of all boards that people see, board by board. */
  readonly all: readonly Column[];
  /** Number of cards in its columns. */
  readonly cards: number;
  /** Every label in use or with a colour, sorted. */
  readonly labels: readonly string[];
  /** The same object until a label gets another colour. */
  readonly colors: ColoredLabels;
  /** Cards that were put aside, sorted by nothing; the same object until one comes or goes. */
  readonly archived: readonly Card[];
  /** The views that the room has saved, in order. */
  readonly views: readonly SavedView[];
}

/** Above so many changed items everything is sorted anew rather than item by item. */
const rebuildAbove = 200;

/**
 * Keeps the board in order while items change: columns that a change does not touch stay the same
 * objects, so that they are not rendered again.
 */
export class BoardIndex {
  private boards = new Map<string, BoardItem>();
  private chosen = '';
  private columns = new Map<string, Column>();
  private cards = new Map<string, Card>();
  private archived = new Map<string, Card>();
  private labels = new LabelCount();
  private labelItems = new Map<string, LabelItem>();
  private relations = new Relations();
  private views = new Map<string, SavedView>();
  private current: BoardView = {
    boards: [],
    board: plainMain,
    columns: [],
    all: [],
    cards: 0,
    labels: [],
    colors: new Map(),
    archived: [],
    views: [],
  };
  private readonly listeners = new Set<() => void>();
  /** The version of the items that is known here. */
  private seen = 0;
  private held = false;
  private readonly whileHeld = new Set<string>();

  constructor(private readonly items: Items) {
    this.rebuild();
  }

  get view(): BoardView {
    return this.current;
  }

  /** A card that lies somewhere, in a column that there is or not, or in the archive. */
  card(id: string): Card | undefined {
    return this.cards.get(id) ?? this.archived.get(id);
  }

  column(id: string): Column | undefined {
    return this.columns.get(id);
  }

  /** Shows another board of the room. */
  show(board: string): void {
    this.chosen = board;
    this.publish();
  }

  /** The boards that people do not see, by title: archived and removed ones, and templates. */
  hidden(state: BoardItem['state']): readonly BoardItem[] {
    return [...this.boards.values()]
      .filter((board) => board.state === state && this.columnsOn(board.id).length > 0)
      .sort((a, b) => a.title.localeCompare(b.title));
  }

  /** The columns of a board that people may see or not, in order. */
  columnsOn(board: string): readonly Column[] {
    return [...this.columns.values()].filter((column) => column.board === board).sort(byRank);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What other cards say of a card. */
  get seenFromOthers(): Pick<Relations, 'blockersOf' | 'relatingTo' | 'partsOf'> {
    return this.relations;
  }

  /** Whether a card waits for another one that is not finished. */
  isBlocked(id: string): boolean {
    for (const blocker of this.relations.blockersOf(id)) if (this.isOpen(blocker)) return true;
    return false;
  }

  /** Whether a card stands in a column whose cards are not finished. */
  isOpen(id: string): boolean {
    const column = this.columns.get(this.cards.get(id)?.column ?? '');
    return column !== undefined && !column.done;
  }

  /** While something is being dragged the board stands still; what comes is kept for later. */
  hold(): void {
    this.held = true;
  }

  /** Shows what came in while the board was held. */
  release(): void {
    this.held = false;
    const changed = new Set(this.whileHeld);
    this.whileHeld.clear();
    if (changed.size > 0) this.apply(changed);
  }

  /** Takes over what has changed while nobody listened, if anything has. */
  catchUp(): void {
    if (this.seen !== this.items.version) this.rebuild();
  }

  /** Takes over changed items. */
  apply(changed: ReadonlySet<string>): void {
    this.seen = this.items.version;
    if (this.held) {
      for (const id of changed) this.whileHeld.add(id);
      return;
    }
    if (changed.size > rebuildAbove) this.rebuild();
    else for (const id of changed) this.applyOne(id);
    this.publish();
  }

  private rebuild(): void {
    this.seen = this.items.version;
    this.boards = new Map();
    this.columns = new Map();
    this.cards = new Map();
    this.archived = new Map();
    this.labels = new LabelCount();
    this.labelItems = new Map();
    this.relations = new Relations();
    this.views = new Map();
    const byColumn = new Map<string, Card[]>();
    for (const item of this.items.all.values()) {
      const card = cardOf(item);
      if (card) this.relations.add(card);
      if (card?.archived) {
        this.archived.set(card.id, card);
      } else if (card) {
        this.cards.set(card.id, card);
        this.labels.add(card.labels);
        const list = byColumn.get(card.column);
        if (list) list.push(card);
        else byColumn.set(card.column, [card]);
      } else {
        const column = columnOf(item);
        if (column) this.columns.set(column.id, column);
        const board = boardOf(item);
        if (board) this.boards.set(board.id, board);
        else if (!column) this.applyLabel(item.id, item);
        const view = savedViewOf(item);
        if (view) this.views.set(view.id, view);
      }
    }
    for (const [id, column] of this.columns) {
      const cards = byColumn.get(id);
      if (cards) this.columns.set(id, { ...column, cards: cards.sort(byRank) });
    }
    this.publish();
  }

  private applyOne(id: string): void {
    const item = this.items.get(id);
    const before = this.cards.get(id);
    const known = this.card(id);
    if (known) this.relations.remove(known);
    this.archived.delete(id);
    if (before) {
      this.cards.delete(id);
      this.labels.remove(before.labels);
      this.changeCards(before.column, (cards) => cards.filter((card) => card.id !== id));
    }
    const card = item && cardOf(item);
    if (card) this.relations.add(card);
    if (card?.archived) {
      this.archived.set(id, card);
      return;
    }
    if (card) {
      this.cards.set(id, card);
      this.labels.add(card.labels);
      this.changeCards(card.column, (cards) => insert(cards, card));
      return;
    }
    if (item?.kind === 'view' || this.views.has(id)) {
      const view = item && savedViewOf(item);
      if (view) this.views.set(id, view);
      else this.views.delete(id);
      return;
    }
    const board = item && boardOf(item);
    if (board) {
      this.boards.set(id, board);
      return;
    }
    this.boards.delete(id);
    const column = item && columnOf(item);
    const shown = this.columns.get(id);
    if (column) {
      const cards =
        shown?.cards ?? [...this.cards.values()].filter((c) => c.column === id).sort(byRank);
      this.columns.set(id, { ...column, cards });
    } else if (shown) {
      this.columns.delete(id);
    } else {
      this.applyLabel(id, item);
    }
  }

  private applyLabel(id: string, item: Item | undefined): void {
    const label = item && labelOf(item);
    if (label) this.labelItems.set(id, label);
    else this.labelItems.delete(id);
  }

  private changeCards(columnID: string, change: (cards: readonly Card[]) => Card[]): void {
    const column = this.columns.get(columnID);
    if (column) this.columns.set(columnID, { ...column, cards: change(column.cards) });
  }

  private publish(): void {
    const known = [...this.boards.values()];
    if (!this.boards.has(mainBoard)) known.push(plainMain);
    const boards = known.filter(({ state }) => state === 'seen').sort(byRank);
    const board = boards.find(({ id }) => id === this.chosen) ?? boards[0] ?? plainMain;
    const sorted = [...this.columns.values()].sort(byRank);
    const on = (id: string): Column[] => sorted.filter((column) => column.board === id);
    const columns = boards.length > 0 ? on(board.id) : [];
    const colors = this.colors();
    this.current = {
      boards,
      board,
      all: boards.length === 1 ? columns : boards.flatMap(({ id }) => on(id)),
      columns,
      cards: columns.reduce((sum, column) => sum + column.cards.length, 0),
      labels: this.labels.with(colors),
      colors,
      archived: keep(this.current.archived, [...this.archived.values()]),
      views: [...this.views.values()].sort(byRank),
    };
    for (const listener of this.listeners) listener();
  }

  private colors(): ColoredLabels {
    const colors = new Map(
      [...this.labelItems.values()].map((item) => [labelKey(item.title), item]),
    );
    const before = this.current.colors;
    const same =
      before.size === colors.size &&
      [...colors].every(([label, { id, color }]) => {
        const known = before.get(label);
        return known?.id === id && known.color === color;
      });
    return same ? before : colors;
  }
}

/** The same list if it holds the same cards. */
function keep(before: readonly Card[], now: readonly Card[]): readonly Card[] {
  return before.length === now.length && before.every((card, i) => card === now[i]) ? before : now;
}

/** The main board before anything was said of it. */
const plainMain: BoardItem = { id: mainBoard, title: '', rank: '', lanes: '', state: 'seen' };

/** Counts how many cards carry each label, so that no change has to ask all cards. */
class LabelCount {
  private readonly counts = new Map<string, number>();
  private list: readonly string[] | null = [];
  private colors: ColoredLabels = new Map();

  add(labels: readonly string[]): void {
    for (const label of labels) {
      const count = this.counts.get(label) ?? 0;
      if (count === 0) this.list = null;
      this.counts.set(label, count + 1);
    }
  }

  remove(labels: readonly string[]): void {
    for (const label of labels) {
      const count = this.counts.get(label) ?? 0;
      if (count > 1) {
        this.counts.set(label, count - 1);
      } else {
        this.counts.delete(label);
        this.list = null;
      }
    }
  }

  /**
   * The labels that cards carry and those that have a colour, in order; the same list as long as
   * they are the same.
   */
  with(colors: ColoredLabels): readonly string[] {
    if (this.list && this.colors === colors) return this.list;
    this.colors = colors;
    const carried = new Set([...this.counts.keys()].map(labelKey));
    const others = [...colors.values()].filter(({ title }) => !carried.has(labelKey(title)));
    this.list = [...this.counts.keys(), ...others.map(({ title }) => title)].sort((a, b) =>
      a.localeCompare(b),
    );
    return this.list;
  }
}

function insert(cards: readonly Card[], card: Card): Card[] {
  let low = 0;
  let high = cards.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = cards[middle];
    if (other && byRank(other, card) < 0) low = middle + 1;
    else high = middle;
  }
  return [...cards.slice(0, low), card, ...cards.slice(low)];
}

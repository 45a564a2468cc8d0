import type { Items } from '../live/items';
import { byRank, cardOf, columnOf, type Card, type Column } from './model';

/** The whole board as it is shown; a new object after every change. */
export interface BoardView {
  /** Columns in order. */
  readonly columns: readonly Column[];
  /** Number of cards in columns. */
  readonly cards: number;
  /** Every label in use, sorted. */
  readonly labels: readonly string[];
}

/** Above so many changed items everything is sorted anew rather than item by item. */
const rebuildAbove = 200;

/**
 * Keeps the board in order while items change: columns that a change does not touch stay the same
 * objects, so that they are not rendered again.
 */
export class BoardIndex {
  private columns = new Map<string, Column>();
  private cards = new Map<string, Card>();
  private labels = new LabelCount();
  private current: BoardView = { columns: [], cards: 0, labels: [] };
  private readonly listeners = new Set<() => void>();
  private held = false;
  private readonly whileHeld = new Set<string>();

  constructor(private readonly items: Items) {
    this.rebuild();
  }

  get view(): BoardView {
    return this.current;
  }

  /** A card that lies somewhere, in a column that there is or not. */
  card(id: string): Card | undefined {
    return this.cards.get(id);
  }

  column(id: string): Column | undefined {
    return this.columns.get(id);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
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

  /** Takes over changed items. */
  apply(changed: ReadonlySet<string>): void {
    if (this.held) {
      for (const id of changed) this.whileHeld.add(id);
      return;
    }
    if (changed.size > rebuildAbove) this.rebuild();
    else for (const id of changed) this.applyOne(id);
    this.publish();
  }

  private rebuild(): void {
    this.columns = new Map();
    this.cards = new Map();
    this.labels = new LabelCount();
    const byColumn = new Map<string, Card[]>();
    for (const item of this.items.all.values()) {
      const card = cardOf(item);
      if (card) {
        this.cards.set(card.id, card);
        this.labels.add(card.labels);
        const list = byColumn.get(card.column);
        if (list) list.push(card);
        else byColumn.set(card.column, [card]);
      } else {
        const column = columnOf(item);
        if (column) this.columns.set(column.id, column);
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
    if (before) {
      this.cards.delete(id);
      this.labels.remove(before.labels);
      this.changeCards(before.column, (cards) => cards.filter((card) => card.id !== id));
    }
    const card = item && cardOf(item);
    if (card) {
      this.cards.set(id, card);
      this.labels.add(card.labels);
      this.changeCards(card.column, (cards) => insert(cards, card));
      return;
    }
    const column = item && columnOf(item);
    const known = this.columns.get(id);
    if (column) {
      const cards =
        known?.cards ?? [...this.cards.values()].filter((c) => c.column === id).sort(byRank);
      this.columns.set(id, { ...column, cards });
    } else if (known) {
      this.columns.delete(id);
    }
  }

  private changeCards(columnID: string, change: (cards: readonly Card[]) => Card[]): void {
    const column = this.columns.get(columnID);
    if (column) this.columns.set(columnID, { ...column, cards: change(column.cards) });
  }

  private publish(): void {
    const columns = [...this.columns.values()].sort(byRank);
    this.current = {
      columns,
      cards: columns.reduce((sum, column) => sum + column.cards.length, 0),
      labels: this.labels.sorted,
    };
    for (const listener of this.listeners) listener();
  }
}

/** Counts how many cards carry each label, so that no change has to ask all cards. */
class LabelCount {
  private readonly counts = new Map<string, number>();
  private list: readonly string[] | null = [];

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

  /** In order; the same list as long as the same labels are in use. */
  get sorted(): readonly string[] {
    this.list ??= [...this.counts.keys()].sort((a, b) => a.localeCompare(b));
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

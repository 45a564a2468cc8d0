import type { Items } from '../live/items';
import { byIndex, elementIDOf, elementOf, itemID, ownLockOf, type Element } from './elements';

/** The drawing program, as far as the scene is concerned. */
export interface Canvas {
  /** All elements of the scene, deleted ones too. */
  elements(): readonly Element[];
  /** Shows these instead; not to be undone by the person. */
  show(elements: readonly Element[]): void;
}

/** Which state of an element it is. */
interface Edition {
  readonly version: number;
  readonly nonce: number;
}

/** So long a draft is shown after its maker has let go, until what became of it is here. */
const draftStays = 3_000;

/**
 * Keeps the scene of one whiteboard as its items say, and tells what the person has changed in it.
 * The items decide: an element that is not under way here gets exactly what its item says, whatever
 * version it has in the scene, so that a change that was refused goes away by itself.
 */
export class Follower {
  /** What the scene has of each element because of its item, or what was handed on of it. */
  private readonly known = new Map<string, Edition>();
  private readonly stale = new Set<string>();
  private readonly drafts = new Map<string, { page: string; element: Element; until: number }>();

  constructor(
    private readonly whiteboard: string,
    private readonly items: Items,
    private readonly canvas: Canvas,
  ) {}

  /** Everything is looked at anew. */
  markAll(): void {
    for (const id of this.items.all.keys()) this.mark(id);
    for (const id of this.known.keys()) this.stale.add(id);
  }

  /** These items may be others now. */
  mark(item: string): void {
    const id = elementIDOf(this.whiteboard, item);
    if (id !== null) this.stale.add(id);
  }

  /** Whether something waits to be shown. */
  get waiting(): boolean {
    return this.stale.size > 0;
  }

  /** When the first draft ends that its maker has let go of; null if there is none. */
  get nextEnd(): number | null {
    const end = Math.min(...[...this.drafts.values()].map(({ until }) => until));
    return Number.isFinite(end) ? end : null;
  }

  /** What somebody is drawing; replaces what they were drawing before. */
  setDrafts(page: string, elements: readonly Element[], now: number): void {
    const ids = new Set(elements.map(({ id }) => id));
    for (const [id, draft] of this.drafts) {
      if (draft.page === page && !ids.has(id))
        draft.until = Math.min(draft.until, now + draftStays);
    }
    for (const element of elements) {
      const until = Number.POSITIVE_INFINITY;
      this.drafts.set(element.id, { page, element, until });
      this.stale.add(element.id);
    }
  }

  /** Somebody has gone; what they were drawing goes, too. */
  dropDrafts(page: string): void {
    for (const [id, draft] of this.drafts) {
      if (draft.page !== page) continue;
      this.drafts.delete(id);
      this.stale.add(id);
    }
  }

  /** Shows what waits, but for what is under way here. */
  apply(busy: ReadonlySet<string>, now: number): void {
    for (const [id, draft] of this.drafts) if (draft.until <= now) this.drop(id);
    if (this.stale.size === 0) return;
    const scene = new Map<string, Element>();
    for (const element of this.canvas.elements()) scene.set(element.id, element);
    let changed = false;
    for (const id of this.stale) {
      if (busy.has(id)) continue;
      this.stale.delete(id);
      const shown = scene.get(id);
      const wanted = this.wanted(id, shown);
      if (!wanted) continue;
      this.known.set(id, { version: wanted.version, nonce: wanted.versionNonce });
      if (shown && isSame(shown, wanted)) continue;
      scene.set(id, wanted);
      changed = true;
    }
    if (changed) this.canvas.show([...scene.values()].sort(byIndex));
  }

  /** What the person has changed in the scene and was not handed on. */
  changes(elements: readonly Element[]): Element[] {
    return elements.filter((element) => {
      const known = this.known.get(element.id);
      if (!known) return !element.isDeleted;
      return known.version !== element.version || known.nonce !== element.versionNonce;
    });
  }

  /** A change of the person's is on its way to the server. */
  handedOn({ id, version, versionNonce }: Element): void {
    this.known.set(id, { version, nonce: versionNonce });
    this.drafts.delete(id);
    this.stale.add(id);
  }

  /** What the person has made of these does not hold: they become what the room has of them. */
  takeBack(elements: readonly Element[]): void {
    for (const { id, version, versionNonce } of elements) {
      this.known.set(id, { version, nonce: versionNonce });
      this.drafts.delete(id);
      this.stale.add(id);
    }
  }

  /** The version that the server has of an element, or 0. */
  versionOf(id: string): number {
    const version = this.items.known(itemID(this.whiteboard, id))?.fields.version;
    return typeof version === 'number' ? version : 0;
  }

  /** An element as it is without the lock of a moderator, which is shown as Excalidraw's own. */
  withoutLock(element: Element): Element {
    const item = this.items.known(itemID(this.whiteboard, element.id));
    if (item?.fields.locked !== true) return element;
    return { ...element, locked: ownLockOf(item) };
  }

  private drop(id: string): void {
    this.drafts.delete(id);
    this.stale.add(id);
  }

  /** What is to be shown of an element; null if nothing is known of it here. */
  private wanted(id: string, shown: Element | undefined): Element | null {
    const item = this.items.get(itemID(this.whiteboard, id));
    const element = item ? elementOf(this.whiteboard, item) : null;
    const draft = this.drafts.get(id);
    if (draft && element && element.version >= draft.element.version) {
      this.drafts.delete(id);
    } else if (draft) {
      return draft.element;
    }
    if (element) return element;
    // Nobody has it any more: it was refused, or a draft that came to nothing.
    if (!shown || !this.known.has(id)) return null;
    return shown.isDeleted ? shown : { ...shown, isDeleted: true };
  }
}

function isSame(a: Element, b: Element): boolean {
  return (
    a.version === b.version &&
    a.versionNonce === b.versionNonce &&
    a.isDeleted === b.isDeleted &&
    a.locked === b.locked
  );
}

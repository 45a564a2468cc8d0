import type { LiveClient } from '../live/client';
import { effectOf, largestData, mayBeSent, sentOf, type Element } from './elements';
import type { Follower } from './follower';
import { thinned } from './thin';

/** So many elements, and so many characters, one act has at most. */
const mostElements = 200;
const mostCharacters = 48 * 1024;

/** How often what is being dragged is stored meanwhile. */
const dragEvery = 500;

/** What the person is doing with the pointer or the keyboard in the scene. */
export interface UnderWay {
  /** The elements that it is done to. */
  readonly ids: ReadonlySet<string>;
  /** They exist and are moved about; else one is being made. */
  readonly moving: boolean;
}

/**
 * Hands on what the person draws: a stroke is one act when it is done, what is dragged about is
 * stored twice a second at most, and while there is no connection all becomes one act that waits.
 */
export class Drawing {
  private lastMove = 0;
  private last: { act: string; elements: Map<string, Element>; size: number } | null = null;

  constructor(
    private readonly whiteboard: string,
    private readonly client: LiveClient,
    private readonly follower: Follower,
    /** Something was taken back that may not be here. */
    private readonly onForeign: () => void,
  ) {}

  /**
   * Looks at what the scene has become.
   * @returns what is being drawn and is not stored yet, for the others to see
   */
  take(elements: readonly Element[], underWay: UnderWay, now: number): readonly Element[] {
    const all = this.follower.changes(elements);
    this.takeBackForeign(all.filter((one) => !mayBeSent(one) && !underWay.ids.has(one.id)));
    const changed = all.filter(isFinished);
    if (changed.length === 0) return [];
    if (underWay.ids.size === 0) {
      this.send(changed);
      return [];
    }
    if (underWay.moving && now - this.lastMove >= dragEvery) {
      this.lastMove = now;
      this.send(changed);
    }
    return changed;
  }

  /** Nobody else would ever get these: they do not stay with their maker alone. */
  private takeBackForeign(foreign: readonly Element[]): void {
    if (foreign.length === 0) return;
    this.follower.takeBack(foreign);
    this.follower.apply(new Set(), Date.now());
    if (foreign.some(({ isDeleted }) => !isDeleted)) this.onForeign();
  }

  /** Sends changes. */
  send(changed: readonly Element[]): void {
    const readied = changed.map((element) => this.readied(element));
    for (const batch of inBatches(readied)) {
      for (const element of batch) this.follower.handedOn(element);
      this.act(batch);
    }
    // What was made another edition here is that edition in the scene, too.
    if (readied.some((element, at) => element !== changed[at])) {
      this.follower.apply(new Set(), Date.now());
    }
  }

  private act(batch: readonly Element[]): void {
    const size = batch.reduce((sum, element) => sum + sizeOf(element), 0);
    const { last } = this;
    if (last && last.size + size <= mostCharacters) {
      const elements = new Map(last.elements);
      for (const element of batch) elements.set(element.id, element);
      const all = [...elements.values()];
      if (all.length <= mostElements && this.client.amend(last.act, ...this.request(all))) {
        this.last = { act: last.act, elements, size: last.size + size };
        return;
      }
    }
    const act = this.client.act('whiteboard.draw', ...this.request(batch));
    this.last = { act, elements: new Map(batch.map((element) => [element.id, element])), size };
  }

  private request(elements: readonly Element[]): [object, ReturnType<typeof effectOf>[]] {
    const own = elements.map((element) => this.follower.withoutLock(element));
    return [
      { whiteboard: this.whiteboard, elements: own.map(sentOf) },
      own.map((element) => effectOf(this.whiteboard, element)),
    ];
  }

  /**
   * An element as it is sent: small enough, and newer than what the server has, for what the
   * person did last is to hold.
   */
  private readied(element: Element): Element {
    const lean = thinned(element, largestData - 2048);
    const version = this.follower.versionOf(element.id);
    if (lean === element && version < element.version) return element;
    return {
      ...lean,
      version: Math.max(element.version, version) + 1,
      versionNonce: newNonce(),
    };
  }
}

/** A picture is not told of before its file is stored. */
function isFinished(element: Element): boolean {
  if (element.type === 'image' && (element.fileId === null || element.status !== 'saved')) {
    return false;
  }
  return mayBeSent(element);
}

/** The elements in parts that fit into a message. */
export function inBatches(elements: readonly Element[]): Element[][] {
  const batches: Element[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const element of elements) {
    const own = sizeOf(element);
    const batch = batches.at(-1);
    if (!batch || batch.length >= mostElements || size + own > mostCharacters) {
      batches.push([element]);
      size = own;
    } else {
      batch.push(element);
      size += own;
    }
  }
  return batches;
}

const encoder = new TextEncoder();

function sizeOf(element: Element): number {
  return encoder.encode(JSON.stringify(sentOf(element))).length + 2;
}

/** A random number as Excalidraw has it in each version of an element. */
export function newNonce(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) >>> 1;
}

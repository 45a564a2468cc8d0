// @vitest-environment node
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInBoard } from '../../dev/standInBoard';
import { Network } from '../../tests/standInSocket';
import { LiveClient } from '../live/client';
import { Drawing, inBatches } from './drawing';
import { sentOf, type Element } from './elements';
import { Follower } from './follower';
import { elementLike, whiteboard } from './testElements';

const anna = '@anna:amt.example';
const ben = '@ben:amt.example';
const nobody: ReadonlySet<string> = new Set();
const resting = { ids: nobody, moving: false };

/** One person's page at the whiteboard, without a drawing program: the scene is a list. */
class Page {
  scene: readonly Element[] = [];
  busy = resting;
  foreign = 0;
  readonly client: LiveClient;
  readonly follower: Follower;
  readonly drawing: Drawing;

  constructor(
    readonly network: Network,
    readonly user: string,
  ) {
    this.client = new LiveClient({
      url: 'ws://x',
      lang: 'de',
      open: network.open,
      random: () => 0,
    });
    this.follower = new Follower(whiteboard, this.client.items, {
      elements: () => this.scene,
      show: (elements) => {
        this.scene = elements;
      },
    });
    this.drawing = new Drawing(whiteboard, this.client, this.follower, () => {
      this.foreign += 1;
    });
    this.client.onItems((changed) => {
      for (const id of changed) this.follower.mark(id);
      this.follower.apply(this.busy.ids, Date.now());
    });
  }

  async open(): Promise<this> {
    this.client.start(this.user);
    this.client.openWhiteboard(whiteboard);
    await vi.waitFor(() => {
      expect(this.client.state.whiteboard?.loaded).toBe(true);
    });
    return this;
  }

  /** Changes an element as Excalidraw does, with the next version. */
  draw(given: Record<string, unknown> & { id: string }): void {
    const known = this.at(given.id);
    const next = { ...(known ?? elementLike(given)), ...given } as Element;
    const version = known ? known.version + 1 : 1;
    const drawn = { ...next, version, versionNonce: Math.floor(Math.random() * 1e9) };
    this.scene = [...this.scene.filter(({ id }) => id !== given.id), drawn];
    this.take();
  }

  take(now = Date.now()): readonly Element[] {
    return this.drawing.take(this.scene, this.busy, now);
  }

  at(id: string): Element | undefined {
    return this.scene.find((element) => element.id === id);
  }

  /** What is seen, in order. */
  seen(): unknown[] {
    return this.scene
      .filter(({ isDeleted }) => !isDeleted)
      .map(({ id, x, version, versionNonce }) => ({ id, x, version, versionNonce }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

let board: StandInBoard;
let network: Network;
beforeEach(() => {
  board = new StandInBoard();
  board.put('whiteboard', whiteboard, { title: 'W', rank: '1' });
  network = new Network(board);
});
const two = async (): Promise<[Page, Page]> => [
  await new Page(network, anna).open(),
  await new Page(new Network(board), ben).open(),
];

describe('the scene of two people', () => {
  it('shows each what the other draws, moves and deletes', async () => {
    const [a, b] = await two();
    a.draw({ id: 'r', x: 10 });
    expect(b.at('r')).toMatchObject({ x: 10 });
    b.draw({ id: 'r', x: 30 });
    expect(a.at('r')).toMatchObject({ x: 30 });
    a.draw({ id: 'r', isDeleted: true });
    expect(b.seen()).toEqual([]);
  });

  it('shows what was there before, to who comes later', async () => {
    const [a] = await two();
    a.draw({ id: 'r', x: 10 });
    const late = await new Page(new Network(board), ben).open();
    expect(late.seen()).toEqual(a.seen());
  });

  it('leaves alone what is under way, and gives it what the room says afterwards', async () => {
    const [a, b] = await two();
    a.draw({ id: 'r', x: 0 });
    b.busy = { ids: new Set(['r']), moving: true };
    a.draw({ id: 'r', x: 50 });
    expect(b.at('r')?.x).toBe(0);
    b.busy = resting;
    b.follower.apply(nobody, Date.now());
    expect(b.at('r')?.x).toBe(50);
  });

  it('keeps what a person did last, although others have changed it meanwhile', async () => {
    const [a, b] = await two();
    a.draw({ id: 'r', x: 0 });
    b.busy = { ids: new Set(['r']), moving: false };
    for (const x of [1, 2, 3, 4]) a.draw({ id: 'r', x });
    b.draw({ id: 'r', x: 99 });
    b.busy = resting;
    b.take();
    expect(a.at('r')?.x).toBe(99);
    expect(a.seen()).toEqual(b.seen());
  });

  it('takes back what was refused', async () => {
    const [a] = await two();
    a.draw({ id: 'r', x: 0 });
    board.can = { edit: false, comment: false, configure: false };
    a.draw({ id: 'r', x: 77 });
    a.draw({ id: 'new', x: 1 });
    a.follower.apply(nobody, Date.now());
    expect(a.at('r')?.x).toBe(0);
    expect(a.seen()).toHaveLength(1);
  });

  it('takes back what may not be here and never tells of it, and so again if it is undone', async () => {
    const [a, b] = await two();
    a.draw({ id: 'page', type: 'embeddable', link: 'https://video.example/1' });
    a.draw({ id: 'box', type: 'rectangle' });
    expect(a.seen()).toHaveLength(1);
    expect(b.seen()).toEqual(a.seen());
    expect(a.foreign).toBe(1);
    a.draw({ id: 'page', isDeleted: false });
    expect(a.seen()).toHaveLength(1);
    // What is no card any more is the card again that the room knows.
    a.draw({ id: 'card', type: 'embeddable', customData: { card: 'k1' } });
    const before = a.seen();
    a.draw({ id: 'card', customData: {} });
    expect(a.seen()).toEqual(before);
    expect(b.seen()).toEqual(before);
  });

  it('ends the same after interruptions at random', async () => {
    const [a, b] = await two();
    const pages = [a, b];
    let seed = 7;
    const random = (n: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % n;
    };
    for (let step = 0; step < 300; step += 1) {
      const page = pages[random(2)] ?? a;
      const act = random(12);
      if (act === 0) page.network.cut();
      else page.draw({ id: `e${String(random(9))}`, x: random(500), isDeleted: act === 1 });
      if (act === 2) await Promise.resolve();
    }
    await vi.waitFor(
      () => {
        for (const page of pages) {
          expect(page.client.state.phase).toBe('live');
          expect(page.client.state.unsaved).toBe(0);
        }
      },
      { timeout: 20_000 },
    );
    expect(a.seen()).toEqual(b.seen());
    const late = await new Page(new Network(board), ben).open();
    expect(late.seen()).toEqual(a.seen());
  });
});

describe('what is sent', () => {
  it('is nothing of a stroke that is not done, and one act of it when it is', async () => {
    const [a] = await two();
    a.busy = { ids: new Set(['s']), moving: false };
    for (let i = 1; i < 20; i += 1) a.draw({ id: 's', x: i });
    expect(network.heard.filter(({ t }) => t === 'do')).toHaveLength(0);
    expect(a.take().map(({ id }) => id)).toEqual(['s']);
    a.busy = resting;
    a.take();
    expect(network.heard.filter(({ t }) => t === 'do')).toHaveLength(1);
  });

  it('is twice a second at most of what is dragged', async () => {
    const [a] = await two();
    a.draw({ id: 'r', x: 0 });
    const before = network.heard.length;
    a.busy = { ids: new Set(['r']), moving: true };
    for (let ms = 0; ms < 2000; ms += 20) {
      const known = a.at('r');
      if (known) a.scene = [{ ...known, x: ms, version: known.version + 1 }];
      a.take(1_000_000 + ms);
    }
    expect(network.heard.length - before).toBe(4);
  });

  it('is one act for all that was drawn without a connection', async () => {
    const [a, b] = await two();
    network.up = false;
    network.cut();
    for (let i = 0; i < 5; i += 1) a.draw({ id: `e${String(i)}`, x: i });
    expect(a.client.state.unsaved).toBe(1);
    network.up = true;
    a.client.wake();
    await vi.waitFor(() => {
      expect(b.seen()).toHaveLength(5);
    });
  });

  it('fits into messages', () => {
    const many = Array.from({ length: 450 }, (_, i) => elementLike({ id: `e${String(i)}` }));
    const batches = inBatches(many);
    expect(batches.flat()).toHaveLength(450);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(200);
      const act = { elements: batch.map(sentOf) };
      expect(JSON.stringify(act).length).toBeLessThan(60_000);
    }
  });
});

describe('what somebody is drawing', () => {
  it('is seen, and stays until what became of it is here', async () => {
    const [a, b] = await two();
    const draft = elementLike({ id: 's', x: 5, version: 4 });
    b.follower.setDrafts('p', [draft], 0);
    b.follower.apply(nobody, 0);
    expect(b.at('s')?.x).toBe(5);
    expect(b.follower.changes(b.scene)).toEqual([]);
    b.follower.setDrafts('p', [], 0);
    b.follower.apply(nobody, 1_000);
    expect(b.at('s')?.isDeleted).toBe(false);
    a.scene = [{ ...draft, x: 6, version: 5 }];
    a.take();
    expect(b.at('s')?.x).toBe(6);
  });

  it('goes with who has gone, or when nothing comes of it', async () => {
    const [, b] = await two();
    b.follower.setDrafts('p', [elementLike({ id: 's' })], 0);
    b.follower.setDrafts('q', [elementLike({ id: 'u' })], 0);
    b.follower.apply(nobody, 0);
    b.follower.dropDrafts('p');
    b.follower.setDrafts('q', [], 0);
    b.follower.apply(nobody, 10_000);
    expect(b.seen()).toEqual([]);
  });
});

import type { AppState } from '@excalidraw/excalidraw/types';
import type { LiveClient } from '../live/client';
import { Drawing, type UnderWay } from './drawing';
import type { Element } from './elements';
import { Follower, type Canvas } from './follower';
import { draftElements, draftsOf, Others, OwnPresence, selectedOf } from './presence';
import { underWayIn } from './underWay';
import { viewOf } from './viewport';

const idle: UnderWay = { ids: new Set(), moving: false };

/**
 * One open whiteboard: brings what the room has into the scene, and what the person draws into
 * the room.
 */
export class Session {
  readonly follower: Follower;
  readonly drawing: Drawing;
  readonly own: OwnPresence;
  readonly others = new Others();
  private underWay = idle;
  /** What was taken back in the middle of it. */
  private readonly lost = new Set<string>();
  private frame: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ends: (() => void)[] = [];

  constructor(
    readonly whiteboard: string,
    private readonly client: LiveClient,
    private readonly canvas: Canvas,
    private readonly onOthers: () => void,
    private readonly mayDraw: () => boolean,
    onForeign: () => void,
    /** The person was in the middle of these when they lost the right to draw; they are gone. */
    private readonly onLost: (elements: readonly Element[]) => void,
  ) {
    this.follower = new Follower(whiteboard, client.items, canvas);
    this.drawing = new Drawing(whiteboard, client, this.follower, onForeign);
    this.own = new OwnPresence(client);
  }

  /** @param shown is called once what is on the whiteboard is in the scene. */
  start(shown: () => void): void {
    let phase = this.client.state.phase;
    this.ends = [
      this.client.onItems((changed) => {
        for (const id of changed) this.follower.mark(id);
        this.later();
      }),
      this.client.onHere((news) => {
        const { moved, gone, came } = this.others.take(news);
        for (const person of moved) {
          if (person.page === this.client.state.page) continue;
          this.follower.setDrafts(person.page, draftElements(person), Date.now());
        }
        for (const page of gone) this.follower.dropDrafts(page);
        if (came) this.own.tell();
        this.onOthers();
        this.later();
      }),
      this.client.onState(() => {
        const before = phase;
        phase = this.client.state.phase;
        if (phase === before) return;
        if (phase === 'live') {
          this.own.tell();
          return;
        }
        // Without a line nobody is seen; they come again with it.
        for (const page of this.others.clear()) this.follower.dropDrafts(page);
        this.onOthers();
        this.later();
      }),
    ];
    this.follower.markAll();
    this.later(shown);
  }

  stop(): void {
    for (const end of this.ends) end();
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.own.stop();
  }

  /** The scene was drawn anew, because of the person or of what came from outside. */
  changed(elements: readonly Element[], state: AppState): void {
    const before = this.underWay;
    this.underWay = underWayIn(state);
    const selected = selectedOf(state.selectedElementIds);
    // Also what has not moved yet: somebody may follow the person who only looks.
    const view = viewOf(state);
    if (!this.mayDraw()) {
      this.takeBack(elements, before);
      this.own.set({ selected, view, drafts: undefined });
    } else {
      const drafts = this.drawing.take(elements, this.underWay, Date.now());
      this.own.set({ selected, view, drafts: draftsOf(drafts) });
    }
    if (this.follower.waiting) this.later();
  }

  /** What the person has just ended, and may not do any more, does not stay with them alone. */
  private takeBack(elements: readonly Element[], before: UnderWay): void {
    const lost = this.follower.changes(elements).filter(({ id }) => !this.underWay.ids.has(id));
    // A field that is still open writes once more when it closes.
    if (!lost.some(({ id }) => before.ids.has(id) || this.lost.delete(id))) return;
    for (const { id } of lost) if (before.ids.has(id)) this.lost.add(id);
    this.follower.takeBack(lost);
    this.onLost(lost);
  }

  /** Sends what is still in hand, as when the whiteboard is left in the middle of a stroke. */
  finish(): void {
    if (this.mayDraw()) this.drawing.take(this.canvas.elements(), idle, Date.now());
  }

  /** What came of a draft may be nothing; then it goes, although nothing else happens. */
  private lookAgain(): void {
    const end = this.follower.nextEnd;
    if (end === null) return;
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.later();
      },
      Math.max(0, end - Date.now()),
    );
  }

  /** What has come is shown once with the next picture, however much it is. */
  private later(shown?: () => void): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.follower.apply(this.underWay.ids, Date.now());
      shown?.();
      this.lookAgain();
    });
  }
}

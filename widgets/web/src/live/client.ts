import { withComment } from './comments';
import { Connection } from './connection';
import { newID } from './ids';
import { Items } from './items';
import { joinPast } from './past';
import { inverseOf, isDrawing, isTalk, Outbox, type PendingAct } from './outbox';
import type {
  ClientMessage,
  Comment,
  HereNews,
  Op,
  Presence,
  ServerMessage,
  Welcome,
} from './protocol';
import {
  atFirst,
  type Access,
  type ClientOptions,
  type Notice,
  type RoomState,
  type Said,
} from './state';

export type { Access, ClientOptions, Notice, Phase, RoomState, Said } from './state';

/**
 * The page's end of the live protocol: one room's items and people, kept current, and the
 * person's changes, shown at once and sent until they are acknowledged.
 */
export class LiveClient {
  readonly items = new Items();
  private readonly outbox = new Outbox();
  private readonly connection: Connection;
  private readonly stateListeners = new Set<() => void>();
  private readonly itemListeners = new Set<(changed: ReadonlySet<string>) => void>();
  private readonly hereListeners = new Set<(news: HereNews) => void>();
  private readonly noticeListeners = new Set<(notice: Notice) => void>();
  private current = atFirst;
  private session = '';
  private seq = 0;
  private epoch: string | null = null;
  private welcomes = 0;
  /** The card whose comments the person is looking at. */
  private commented: string | null = null;
  /** The whiteboard of which elements come next: the first of them replace what is here. */
  private elementsDue = false;
  /** What the last greeting said to be open. */
  private greetedWith = '';
  /** The server has had enough for the moment; what was drawn goes out again then. */
  private pause: ReturnType<typeof setTimeout> | undefined;
  /** Comments that are on their way into the room, from where they come back. */
  private awaited: readonly Said[] = [];
  /** The server said that a snapshot follows: the first page of it replaces what is shown. */
  private snapshotDue = false;

  constructor(private readonly options: ClientOptions) {
    this.connection = new Connection({
      url: options.url,
      hello: () => this.hello(),
      onMessage: (message) => {
        this.take(message);
      },
      onDown: () => {
        if (this.current.phase !== 'ended') this.update({ phase: 'reconnecting' });
      },
      ...(options.open && { open: options.open }),
      ...(options.random && { random: options.random }),
    });
  }

  get state(): RoomState {
    return this.current;
  }

  /** Null until the room is known. */
  get access(): Access | null {
    const { room } = this.current;
    return room && { room: room.id, session: this.session };
  }

  /** What shows the server who asks, beside the socket. */
  get bearer(): string {
    return this.session;
  }

  /** The line was down and is back: the server may be another one than the page came from. */
  get isBack(): boolean {
    return this.current.phase === 'live' && this.welcomes > 1;
  }

  /** Connects with a session, also a new one after the former has ended. Unsaved changes stay. */
  start(session: string): void {
    this.session = session;
    this.connection.stop();
    this.update({
      phase: this.current.room ? 'reconnecting' : 'connecting',
      ended: null,
    });
    this.connection.start();
  }

  stop(): void {
    this.connection.stop();
  }

  /** The network is back or the person is looking again. */
  wake(): void {
    this.connection.wake();
  }

  onState(listener: () => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  onItems(listener: (changed: ReadonlySet<string>) => void): () => void {
    this.itemListeners.add(listener);
    return () => this.itemListeners.delete(listener);
  }

  /** Calls back when somebody moves at the whiteboard that is open. */
  onHere(listener: (news: HereNews) => void): () => void {
    this.hereListeners.add(listener);
    return () => this.hereListeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.noticeListeners.add(listener);
    return () => this.noticeListeners.delete(listener);
  }

  /** Does something: shows its expected effect at once, sends it, returns the act's id. */
  act(act: string, args: object, effect: readonly Op[]): string {
    const id = newID();
    this.outbox.add({
      id,
      act,
      args,
      effect,
      sent: false,
      everSent: false,
      repeated: false,
      takeBack: false,
    });
    this.sendPending();
    this.outboxChanged();
    return id;
  }

  /** Makes an act that has not left yet another one; false if it is too late for that. */
  amend(id: string, args: object, effect: readonly Op[]): boolean {
    const act = this.outbox.find(id);
    if (!act || act.everSent) return false;
    act.args = args;
    act.effect = effect;
    this.outboxChanged();
    return true;
  }

  /** Opens a whiteboard, or none: what is on it comes, and is kept current until it is closed. */
  openWhiteboard(id: string | null): void {
    if ((this.current.whiteboard?.id ?? null) === id) return;
    this.update({ whiteboard: id === null ? null : { id, loaded: false } });
    this.items.dropDrawn();
    this.itemsChanged();
    if (this.current.phase === 'live') this.sendOpen();
  }

  /** Tells the others at the whiteboard what the person does; returns whether there is a line. */
  here(presence: Presence): boolean {
    if (this.current.phase !== 'live' || !this.current.whiteboard) return false;
    return this.connection.send({ t: 'here', here: presence });
  }

  private sendOpen(): void {
    this.elementsDue = true;
    this.connection.send({ t: 'open', whiteboard: this.current.whiteboard?.id ?? '' });
  }

  /** Takes back a change that was not made by an act of this page, by the name in the room's log. */
  undoChange(change: string): void {
    this.act('undo', { change }, []);
  }

  /** Undoes the act named, or the person's latest. */
  undo(id?: string): void {
    const changes = [...this.outbox.pending()].filter(({ act }) => !isTalk(act) && !isDrawing(act));
    const pending = id === undefined ? changes.at(-1) : this.outbox.find(id);
    if (pending && pending.act !== 'undo') {
      if (pending.everSent) {
        pending.takeBack = true;
        pending.effect = [];
      } else {
        this.outbox.remove(pending.id);
      }
      this.outboxChanged();
      return;
    }
    const done = this.outbox.takeUndoable(id);
    if (done) this.act('undo', { change: done.change }, done.inverse);
    else if (id === undefined) this.act('undo', {}, []);
  }

  /** Has the bot say something about a card, in the person's name. */
  say(card: string, text: string, named: readonly string[]): void {
    this.act('comment.add', { card, text, named }, []);
  }

  /** Has the bot say something else in a comment that it has posted for the person. */
  editComment(comment: string, text: string, named: readonly string[]): void {
    this.act('comment.edit', { comment, text, named }, []);
  }

  /** The person has said something by another way: it is about to come back. */
  expectComment(said: Omit<Said, 'id'>): void {
    this.awaited = [...this.awaited, { ...said, id: newID() }];
    this.outboxChanged();
  }

  /** Takes away a comment of the person's that the bot has posted. */
  dropComment(comment: string): void {
    this.act('comment.drop', { comment }, []);
  }

  /**
   * Asks for a card's comments and for what becomes of them; they are in `state.comments`, once
   * there is a connection, and stay current until another card or none (null) is followed.
   */
  followComments(card: string | null): void {
    this.commented = card;
    this.connection.send({ t: 'comments', card: card ?? '' });
  }

  /** Asks for a card's newest changes, or for those before a place in the log. */
  askHistory(card: string, before?: number): void {
    this.connection.send({ t: 'history', card, ...(before !== undefined && { before }) });
  }

  private hello(): ClientMessage {
    const resume =
      this.epoch !== null && this.current.loaded === 'all'
        ? { since: this.seq, epoch: this.epoch }
        : {};
    const { whiteboard } = this.current;
    this.greetedWith = 'since' in resume && whiteboard?.loaded ? whiteboard.id : '';
    const open = this.greetedWith ? { whiteboard: this.greetedWith } : {};
    return { t: 'hello', session: this.session, lang: this.options.lang, ...resume, ...open };
  }

  private take(message: ServerMessage): void {
    switch (message.t) {
      case 'welcome':
        this.welcome(message);
        break;
      case 'items':
        if (this.snapshotDue) this.items.startSnapshot();
        this.snapshotDue = false;
        this.items.addPage(message.items, !message.more);
        this.update({ loaded: message.more ? 'part' : 'all' });
        this.itemsChanged();
        break;
      case 'elements':
        if (message.whiteboard !== this.current.whiteboard?.id) break;
        if (this.elementsDue || this.current.whiteboard.loaded) this.items.dropDrawn();
        this.elementsDue = false;
        this.items.addDrawn(message.items, !message.more);
        this.update({ whiteboard: { id: message.whiteboard, loaded: !message.more } });
        this.itemsChanged();
        break;
      case 'here':
        if (message.whiteboard !== this.current.whiteboard?.id) break;
        for (const listener of this.hereListeners) listener(message);
        break;
      case 'commit':
        if (message.seq <= this.seq) break;
        this.seq = message.seq;
        if (message.by === this.current.me?.user_id) {
          const inverse = inverseOf(message.ops, (id) => this.items.known(id));
          this.outbox.noteOwnCommit(message.seq, message.id, inverse);
        }
        this.items.commit(message.ops);
        this.itemsChanged();
        this.notify({ kind: 'change', by: message.by, ops: message.ops });
        break;
      case 'ack': {
        const act = this.outbox.remove(message.id);
        if (!act) break;
        this.outbox.acknowledged(act, message.seq);
        // What was sent on an earlier line already may have come back meanwhile.
        if (!act.repeated && act.act === 'comment.add') {
          this.awaited = [...this.awaited, ...saidBy(act)];
        }
        this.outboxChanged();
        if (act.takeBack) this.undo(act.id);
        break;
      }
      case 'no': {
        const refused = this.outbox.find(message.id);
        if (refused && isDrawing(refused.act) && isForNow(message.error.kind)) {
          this.sendLater(refused);
          break;
        }
        const act = this.outbox.remove(message.id);
        if (!act) break;
        this.outboxChanged();
        if (!act.takeBack) {
          this.notify({ kind: 'refused', act: act.act, args: act.args, error: message.error });
        }
        break;
      }
      case 'viewers':
        this.update({ viewers: message.viewers });
        break;
      case 'member': {
        const members = new Map(this.current.members);
        if (message.joined) members.set(message.user_id, message);
        else members.delete(message.user_id);
        this.update({ members });
        break;
      }
      case 'you':
        if (this.current.me) this.update({ me: { ...this.current.me, can: message.can } });
        break;
      case 'count':
        this.update({
          counts: new Map(this.current.counts).set(message.card, message.comments),
        });
        break;
      case 'mine': {
        const { rooms, cards, soon, more } = message;
        this.update({ mine: { rooms, cards, soon, more } });
        break;
      }
      case 'comments':
        this.update({
          comments: new Map(this.current.comments).set(message.card, message.comments),
        });
        break;
      case 'comment': {
        const known = this.current.comments.get(message.card);
        if (message.comment && message.comment.by === this.current.me?.user_id) {
          this.hear(message.card, message.comment.event_id, known);
        }
        if (!known) break;
        const comments = withComment(known, message.comment, message.gone);
        this.update({ comments: new Map(this.current.comments).set(message.card, comments) });
        break;
      }
      case 'history': {
        const past = joinPast(this.current.pasts.get(message.card), message);
        this.update({ pasts: new Map(this.current.pasts).set(message.card, past) });
        break;
      }
      case 'bye':
        if (message.reason !== 'slow' && message.reason !== 'restart') {
          const { reason, room } = message;
          this.connection.stop();
          this.update({ phase: 'ended', ended: { reason, room, message: message.message } });
        }
        break;
      case 'pong':
        break;
    }
  }

  /** What the person said has come back; in the room all of it is in order. */
  private hear(card: string, event: string, known: readonly Comment[] = []): void {
    const edited = known.some(({ event_id }) => event_id === event);
    const at = this.awaited.findIndex((said) =>
      edited ? said.comment === event : said.card === card,
    );
    this.awaited = this.awaited.filter((_, i) => i !== at);
    this.outboxChanged();
  }

  private welcome(message: Welcome): void {
    this.connection.settled();
    this.welcomes += 1;
    this.epoch = message.epoch;
    this.awaited = []; // what the room has heard meanwhile is among the comments
    if (!message.resumed) {
      // Commits of the snapshot's own time are in it already.
      this.seq = message.seq;
      this.snapshotDue = true;
    }
    this.update({
      phase: 'live',
      ended: null,
      total: message.total,
      room: message.room,
      me: message.me,
      page: message.page,
      members: new Map(message.members.map((m) => [m.user_id, m])),
      viewers: message.viewers,
      // Those of all cards that have comments follow; who has none any more is not among them.
      counts: new Map(),
      ...(message.resumed ? {} : { loaded: this.items.all.size > 0 ? 'part' : 'nothing' }),
    });
    for (const act of this.outbox.pending()) act.sent = false;
    this.sendPending();
    if (this.commented !== null) this.followComments(this.commented);
    const open = this.current.whiteboard?.id ?? '';
    const known = message.resumed && this.greetedWith === open;
    if (open !== '' && !known) this.sendOpen();
  }

  /** What was drawn is not lost because the server has had enough: it goes out again. */
  private sendLater(act: PendingAct): void {
    act.sent = false;
    this.pause ??= setTimeout(() => {
      this.pause = undefined;
      this.sendPending();
    }, breath);
  }

  /** Acts go out in order; those that cannot be sent now go out after the next welcome. */
  private sendPending(): void {
    if (this.current.phase !== 'live') return;
    if (this.pause !== undefined) return;
    for (const act of this.outbox.pending()) {
      if (act.sent) continue;
      if (!this.connection.send({ t: 'do', id: act.id, act: act.act, args: act.args })) return;
      act.sent = true;
      act.repeated = act.everSent;
      act.everSent = true;
    }
  }

  private outboxChanged(): void {
    this.items.setOverlay([...this.outbox.pending()].map((act) => act.effect));
    const saying = [...this.awaited, ...[...this.outbox.pending()].flatMap(saidBy)];
    this.update({
      unsaved: this.outbox.size,
      ...(saying.length + this.current.saying.length > 0 && { saying }),
    });
    this.itemsChanged();
  }

  private itemsChanged(): void {
    const changed = this.items.refresh();
    if (changed.size > 0) for (const listener of this.itemListeners) listener(changed);
  }

  private update(change: Partial<RoomState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.stateListeners) listener();
  }

  private notify(notice: Notice): void {
    for (const listener of this.noticeListeners) listener(notice);
  }
}

/** So long the page waits when the server has had enough. */
const breath = 2_000;

function isForNow(kind: string): boolean {
  return kind === 'rate_limited' || kind === 'unavailable';
}

/** What an act says, if it says anything. */
function saidBy({ id, act, args }: PendingAct): Said[] {
  if (act !== 'comment.add' && act !== 'comment.edit') return [];
  return [{ id, ...(args as Omit<Said, 'id'>) }];
}

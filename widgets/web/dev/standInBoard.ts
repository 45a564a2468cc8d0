import { mergeFields } from '../src/live/items.ts';
import type { FieldChanges, Item, Lang, Op, Rights } from '../src/live/protocol';
import { cardDetailOps } from './standInCard.ts';
import { isDrawn, whiteboardOps } from './standInWhiteboard.ts';

/** One open page, as the stand-in sees it. */
interface Line {
  readonly user: string;
  readonly lang: Lang;
  readonly send: (text: string) => void;
  readonly page: string;
  /** The whiteboard that it looks at, or empty. */
  whiteboard: string;
  here: object;
}

/** What a page holds of its connection to the stand-in. */
export interface StandInLine {
  receive(text: string): void;
  close(): void;
}

interface Told {
  readonly seq: number;
  readonly id: string;
  readonly by: string;
  readonly ops: readonly Op[];
}

interface Change {
  readonly seq: number;
  readonly ops: readonly Op[];
  readonly id: string;
  readonly by: string;
  readonly inverse: readonly Op[];
  undone: boolean;
}

/**
 * A stand-in for the Werkraum server: it speaks the live protocol over one board in memory, so
 * that the page can be developed and its components tested without homeservers. It knows nothing
 * of merging, permissions by power level or storage, and is in no build.
 */
export class StandInBoard {
  readonly items = new Map<string, Item>();
  readonly members = new Map<string, string>();
  readonly comments = new Map<string, object[]>();
  can: Rights = { edit: true, comment: true, configure: true, moderate: true };
  roomName = 'Projektraum';
  epoch = 'epoch-1';
  /** Pages of the snapshot after the first hold so many items. */
  pageSize = 500;
  private pages = 0;
  private seq = 0;
  private readonly lines = new Set<Line>();
  private readonly log: Told[] = [];
  private readonly acknowledged = new Map<string, number>();
  private readonly changes: Change[] = [];

  /** Adds an item without a change, to set the scene. */
  put(kind: string, id: string, fields: Item['fields']): void {
    this.items.set(id, { id, kind, fields });
  }

  /** Opens a connection; the session is the user id. */
  connect(send: (text: string) => void): StandInLine {
    let line: Line | null = null;
    return {
      receive: (text) => {
        const message = JSON.parse(text) as Record<string, unknown>;
        if (message.t === 'hello') {
          line = {
            user: String(message.session),
            lang: message.lang === 'en' ? 'en' : 'de',
            send,
            page: `page${String((this.pages += 1))}`,
            whiteboard: typeof message.whiteboard === 'string' ? message.whiteboard : '',
            here: {},
          };
          this.greet(line, message);
        } else if (!line) {
          return;
        } else if (message.t === 'ping') {
          send('{"t":"pong"}');
        } else if (message.t === 'comments') {
          const card = String(message.card);
          if (!card) return;
          this.to(line, { t: 'comments', card, comments: this.comments.get(card) ?? [] });
        } else if (message.t === 'history') {
          this.tellPast(line, String(message.card));
        } else if (message.t === 'open') {
          this.open(line, String(message.whiteboard));
        } else if (message.t === 'here') {
          line.here = message.here as object;
          this.sayHere(line.whiteboard, [line]);
        } else if (message.t === 'do') {
          this.do(line, message);
        }
      },
      close: () => {
        if (!line) return;
        this.lines.delete(line);
        this.leave(line);
        this.sayViewers();
      },
    };
  }

  /** Makes a change as somebody. */
  change(by: string, ops: readonly Op[], id = `s${String(this.seq + 1)}`, undo = false): number {
    const inverse: Op[] = ops.map(({ item, kind, set }) => {
      const known = this.items.get(item);
      if (!known) return { item, kind, set: { deleted: true } };
      return {
        item,
        kind,
        set: Object.fromEntries(Object.keys(set).map((name) => [name, known.fields[name] ?? null])),
      };
    });
    for (const { item, kind, set } of ops) {
      const fields = mergeFields(this.items.get(item)?.fields ?? {}, set);
      this.items.set(item, { id: item, kind, fields });
    }
    this.seq += 1;
    this.changes.push({ seq: this.seq, ops, id, by, inverse, undone: undo });
    const commit = { seq: this.seq, id, by, ops };
    this.log.push(commit);
    for (const line of this.lines) this.commit(line, commit);
    return this.seq;
  }

  /** Tells a page of a change, without what is on whiteboards that it does not look at. */
  private commit(line: Line, { seq, id, by, ops }: Told): void {
    const told = ops.filter((op) => !isDrawn(op) || op.item.startsWith(`${line.whiteboard}-`));
    if (told.length > 0) this.to(line, { t: 'commit', seq, id, by, via: 'widget', ops: told });
  }

  private open(line: Line, whiteboard: string): void {
    this.leave(line);
    line.whiteboard = whiteboard;
    if (!whiteboard) return;
    const items = [...this.items.values()].filter(
      (item) => item.id.startsWith(`${whiteboard}-`) && item.fields.deleted !== true,
    );
    this.to(line, { t: 'elements', whiteboard, items, more: false });
    this.sayHere(
      whiteboard,
      [...this.lines].filter((other) => other.whiteboard === whiteboard),
    );
  }

  private leave(line: Line): void {
    const { whiteboard, page } = line;
    line.whiteboard = '';
    if (whiteboard) this.sayHere(whiteboard, [], [page]);
  }

  private sayHere(whiteboard: string, who: readonly Line[], gone: readonly string[] = []): void {
    const people = who.map(({ page, user, here }) => ({ page, user_id: user, here }));
    const presenter = [...this.lines].find(
      (line) => line.whiteboard === whiteboard && 'presenting' in line.here,
    )?.page;
    for (const line of this.lines) {
      if (line.whiteboard !== whiteboard) continue;
      this.to(line, { t: 'here', whiteboard, people, gone, ...(presenter && { presenter }) });
    }
  }

  /** Sends every page a message, such as a bye. */
  tell(message: object): void {
    for (const line of this.lines) this.to(line, message);
  }

  private to(line: Line, message: object): void {
    line.send(JSON.stringify(message));
  }

  private sayViewers(): void {
    const viewers = [...new Set([...this.lines].map((line) => line.user))];
    this.tell({ t: 'viewers', viewers });
  }

  private greet(line: Line, hello: Record<string, unknown>): void {
    this.lines.add(line);
    const resumed = hello.epoch === this.epoch && typeof hello.since === 'number';
    this.to(line, {
      t: 'welcome',
      seq: this.seq,
      epoch: this.epoch,
      resumed,
      total: this.items.size,
      room: { id: '!projekt:amt.example', name: this.roomName, lang: 'de' },
      me: { user_id: line.user, name: this.members.get(line.user) ?? line.user, can: this.can },
      page: line.page,
      members: [...this.members].map(([user_id, name]) => ({ user_id, name })),
      viewers: [...new Set([...this.lines].map((l) => l.user))],
    });
    if (resumed) {
      for (const commit of this.log.slice(hello.since as number)) this.commit(line, commit);
    } else {
      const all = [...this.items.values()]
        .filter((item) => !isDrawn(item))
        .sort((a, b) => (a.kind < b.kind ? 1 : -1));
      for (let at = 0; at === 0 || at < all.length; at += this.pageSize) {
        const items = all.slice(at, at + this.pageSize);
        this.to(line, { t: 'items', items, more: at + this.pageSize < all.length });
      }
    }
    for (const [card, comments] of this.comments) {
      this.to(line, { t: 'count', card, comments: comments.length });
    }
    this.sayViewers();
  }

  private do(line: Line, message: Record<string, unknown>): void {
    const id = String(message.id);
    const known = this.acknowledged.get(id);
    if (known !== undefined) {
      this.to(line, { t: 'ack', id, seq: known });
      return;
    }
    if (String(message.act).startsWith('comment.')) {
      this.acknowledged.set(id, this.seq);
      this.to(line, { t: 'ack', id, seq: this.seq });
      this.talk(line, message.args as Record<string, unknown>);
      return;
    }
    try {
      if (!this.can.edit) throw new Error('Sie dürfen hier nichts ändern.');
      const args = message.args as Record<string, unknown>;
      const ops =
        message.act === 'undo'
          ? this.undoOps(line.user, args)
          : this.ops(String(message.act), args, line.user);
      const seq = this.change(line.user, ops, id, message.act === 'undo');
      this.acknowledged.set(id, seq);
      this.to(line, { t: 'ack', id, seq });
    } catch (error) {
      this.to(line, { t: 'no', id, error: { kind: 'invalid', message: (error as Error).message } });
    }
  }

  /** What was said is there at once, for everybody. */
  private talk(line: Line, args: Record<string, unknown>): void {
    if (args.comment !== undefined) {
      for (const [card, list] of this.comments) {
        const said = list.find((c) => (c as { event_id: string }).event_id === args.comment);
        if (said && args.text !== undefined) {
          const comment = { ...said, body: args.text };
          this.say(
            card,
            list.map((other) => (other === said ? comment : other)),
            { comment },
          );
          continue;
        }
        const rest = list.filter((c) => (c as { event_id: string }).event_id !== args.comment);
        if (rest.length < list.length) this.say(card, rest, { gone: args.comment });
      }
      return;
    }
    const card = String(args.card);
    const list = this.comments.get(card) ?? [];
    const name = this.members.get(line.user) ?? line.user;
    const event_id = `$said${String(list.length + 1)}`;
    const at = 1_790_000_000_000 + list.length;
    const comment = { event_id, by: line.user, name, body: args.text, at, posted: true };
    this.say(card, [...list, comment], { comment });
  }

  private say(card: string, list: object[], what: object): void {
    this.comments.set(card, list);
    this.tell({ t: 'count', card, comments: list.length });
    this.tell({ t: 'comment', card, ...what });
  }

  private tellPast(line: Line, card: string): void {
    const entries = this.changes.flatMap(({ seq, ops, id, by, inverse, undone }) => {
      const set = ops.find(({ item }) => item === card)?.set;
      const before = inverse.find(({ item }) => item === card)?.set ?? {};
      const fresh = before.deleted === true && set?.deleted === undefined;
      const rest = { name: this.members.get(by) ?? by, via: 'widget', at: 1_790_000_000_000 + seq };
      const undo = !undone && !fresh && by === line.user;
      const entry = { seq, change: id, by, fresh, undo, items: ops.length, set, before, ...rest };
      return set ? [entry] : [];
    });
    this.to(line, { t: 'history', card, entries: entries.reverse(), more: false });
  }

  private undoOps(user: string, args: Record<string, unknown>): readonly Op[] {
    const mine = this.changes.filter((c) => c.by === user && !c.undone);
    const change = args.change === undefined ? mine.at(-1) : mine.find((c) => c.id === args.change);
    if (!change) throw new Error('Es gibt nichts rückgängig zu machen.');
    change.undone = true;
    return change.inverse;
  }

  private live(kind: string): Item[] {
    return [...this.items.values()]
      .filter((item) => item.kind === kind && item.fields.deleted !== true)
      .sort((a, b) => (String(a.fields.rank) < String(b.fields.rank) ? -1 : 1));
  }

  private rank(list: Item[], moved: string, before: unknown): string {
    const others = list.filter((item) => item.id !== moved);
    const at = others.findIndex((item) => item.id === before);
    const next = at < 0 ? others.length : at;
    const low = Number(others[next - 1]?.fields.rank ?? 0);
    const high = Number(others[next]?.fields.rank ?? low + 2e8);
    return String(Math.floor((low + high) / 2)).padStart(12, '0');
  }

  private ops(act: string, a: Record<string, unknown>, by: string): Op[] {
    const card = String(a.card);
    const column = String(a.column);
    const inColumn = (id: string): Item[] =>
      this.live('card').filter((c) => c.fields.column === id);
    const cardOp = (set: FieldChanges): Op[] => {
      if (!this.items.has(card)) throw new Error('Die Karte gibt es nicht.');
      return [{ item: card, kind: 'card', set }];
    };
    switch (act) {
      case 'card.add': {
        const title = String(a.title);
        if (title.length > 300) throw new Error('Der Titel ist länger als 300 Zeichen.');
        const number = String(1 + [...this.items.values()].filter((i) => i.kind === 'card').length);
        const rank = this.rank(inColumn(column), card, a.before);
        const more = Object.fromEntries(
          ['start', 'due', 'priority']
            .filter((name) => a[name])
            .map((name) => [name, String(a[name])]),
        );
        const set = {
          ...more,
          title,
          column,
          rank,
          number,
          created_by: by,
          created: '2026-11-20T09:00:00Z',
        };
        return [{ item: card, kind: 'card', set }];
      }
      case 'card.edit': {
        const { card: _, ...set } = a as Record<string, string>;
        const fields = Object.entries(set).map(([name, value]) => [
          name,
          value === '' ? null : value,
        ]);
        return cardOp(Object.fromEntries(fields) as FieldChanges);
      }
      case 'card.move':
        return cardOp({ column, rank: this.rank(inColumn(column), card, a.before) });
      case 'card.assign':
        return cardOp({ [`assignee/${String(a.user)}`]: a.on === true ? true : null });
      case 'card.label':
        return cardOp({ [`label/${String(a.label)}`]: a.on === true ? true : null });
      case 'card.repeat':
        return cardOp({ repeat: String(a.rule) || null });
      case 'card.delete':
        return cardOp({ deleted: true });
      case 'view.save': {
        const { view, assignees, labels, priorities, columns, ...texts } = a;
        const held = this.items.get(String(view))?.fields ?? {};
        const set: Record<string, string | boolean | null> = {};
        for (const name of Object.keys(held)) if (name !== 'rank') set[name] = null;
        for (const [name, text] of Object.entries(texts)) set[name] = String(text) || null;
        set.columns = (columns as string[]).join(',') || null;
        for (const user of assignees as string[]) set[`assignee/${user}`] = true;
        for (const label of labels as string[]) set[`label/${label}`] = true;
        for (const priority of priorities as string[]) set[`priority/${priority}`] = true;
        set.rank = String(held.rank ?? this.rank(this.live('view'), String(view), null));
        return [{ item: String(view), kind: 'view', set }];
      }
      case 'view.remove':
        return [{ item: String(a.view), kind: 'view', set: { deleted: true } }];
      default:
        return (
          cardDetailOps(act, a, this.items) ??
          whiteboardOps(act, a, this.items) ??
          this.columnOps(act, a)
        );
    }
  }

  private columnOps(act: string, a: Record<string, unknown>): Op[] {
    const column = String(a.column);
    const columnOp = (set: FieldChanges): Op[] => [{ item: column, kind: 'column', set }];
    switch (act) {
      case 'column.add':
        return columnOp({
          title: String(a.title),
          rank: this.rank(this.live('column'), column, a.before),
        });
      case 'column.edit': {
        const { column: _, ...set } = a as Record<string, string | boolean>;
        return columnOp(set);
      }
      case 'column.move':
        return columnOp({ rank: this.rank(this.live('column'), column, a.before) });
      case 'column.remove': {
        const cards = this.live('card').filter((c) => c.fields.column === column);
        if (cards.length > 0 && a.into === undefined) throw new Error('Wohin mit den Karten?');
        const moved = cards.map((c, i) => ({
          item: c.id,
          kind: 'card',
          set: { column: String(a.into), rank: String(9e11 + i) },
        }));
        return [...columnOp({ deleted: true }), ...moved];
      }
      default:
        throw new Error(`unbekannt: ${act}`);
    }
  }
}

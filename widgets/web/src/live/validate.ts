import type {
  ByeReason,
  Comment,
  FieldChanges,
  Fields,
  FieldValue,
  Item,
  Lang,
  Member,
  Op,
  OwnCard,
  OwnWork,
  PastChange,
  PersonHere,
  Presence,
  Rights,
  ServerMessage,
} from './protocol';

/** Thrown by the validators: says which part of a message has the wrong shape, never its content. */
export class BadMessage extends Error {}

type Json = Record<string, unknown>;

const byeReasons: readonly ByeReason[] = ['removed', 'expired', 'moved', 'slow', 'restart'];
const itemID = /^[A-Za-z0-9_-]{1,64}$/;

function object(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadMessage(`${where} is not an object`);
  }
  return value as Json;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new BadMessage(`${where} is not text`);
  return value;
}

function whole(value: unknown, where: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new BadMessage(`${where} is not a whole number`);
  }
  return value as number;
}

function truth(value: unknown, where: string): boolean {
  if (typeof value !== 'boolean') throw new BadMessage(`${where} is not true or false`);
  return value;
}

/** Go writes an empty list as null at times; that is not worth losing a message. */
function list<T>(value: unknown, where: string, one: (v: unknown, where: string) => T): T[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new BadMessage(`${where} is not a list`);
  return value.map((entry) => one(entry, `entry of ${where}`));
}

function id(value: unknown, where: string): string {
  const found = text(value, where);
  if (!itemID.test(found)) throw new BadMessage(`${where} is not an id`);
  return found;
}

function lang(value: unknown): Lang {
  return value === 'en' ? 'en' : 'de';
}

function isFieldValue(value: unknown): value is FieldValue {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isSafeInteger(value))
  );
}

/** Field names come from outside: a prototype of null makes `__proto__` a name like any other. */
function emptyRecord<V>(): Record<string, V> {
  return Object.create(null) as Record<string, V>;
}

function fields(value: unknown, where: string): Fields {
  const found = emptyRecord<FieldValue>();
  for (const [name, entry] of Object.entries(object(value, where))) {
    if (entry === null) continue;
    if (!isFieldValue(entry)) throw new BadMessage(`a field of ${where} has no plain value`);
    found[name] = entry;
  }
  return found;
}

function changes(value: unknown, where: string): FieldChanges {
  const found = emptyRecord<FieldValue | null>();
  for (const [name, entry] of Object.entries(object(value, where))) {
    if (entry !== null && !isFieldValue(entry)) {
      throw new BadMessage(`a field of ${where} has no plain value`);
    }
    found[name] = entry;
  }
  return found;
}

function member(value: unknown, where: string): Member {
  const m = object(value, where);
  const userID = text(m.user_id, `${where}.user_id`);
  return { user_id: userID, name: typeof m.name === 'string' && m.name ? m.name : userID };
}

function rights(value: unknown, where: string): Rights {
  const r = object(value, where);
  return {
    edit: truth(r.edit, `${where}.edit`),
    comment: r.comment === true,
    configure: r.configure === true,
    moderate: r.moderate === true,
  };
}

function item(value: unknown, where: string): Item {
  const i = object(value, where);
  return {
    id: id(i.id, `${where}.id`),
    kind: text(i.kind, `${where}.kind`),
    fields: fields(i.fields ?? {}, `${where}.fields`),
  };
}

function op(value: unknown, where: string): Op {
  const o = object(value, where);
  return {
    item: id(o.item, `${where}.item`),
    kind: text(o.kind, `${where}.kind`),
    set: changes(o.set, `${where}.set`),
  };
}

function comment(value: unknown, where: string): Comment {
  const c = object(value, where);
  const by = text(c.by, `${where}.by`);
  return {
    event_id: text(c.event_id, `${where}.event_id`),
    by,
    name: typeof c.name === 'string' && c.name ? c.name : by,
    body: text(c.body, `${where}.body`),
    at: whole(c.at, `${where}.at`),
    posted: c.posted === true,
  };
}

function ownRoom(value: unknown, where: string): OwnWork['rooms'][number] {
  const r = object(value, where);
  return {
    id: text(r.id, `${where}.id`),
    name: typeof r.name === 'string' ? r.name : '',
    own: r.own === true,
  };
}

function ownCard(value: unknown, where: string): OwnCard {
  const c = object(value, where);
  const optional = (part: unknown): string => (typeof part === 'string' ? part : '');
  return {
    id: id(c.id, `${where}.id`),
    room: text(c.room, `${where}.room`),
    number: optional(c.number),
    title: optional(c.title),
    column: optional(c.column),
    due: /^\d{4}-\d{2}-\d{2}$/.test(optional(c.due)) ? optional(c.due) : '',
    message: optional(c.message),
  };
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** What somebody does at a whiteboard comes from their page: what has not the form is left out. */
function personHere(value: unknown, where: string): PersonHere {
  const p = object(value, where);
  const userID = text(p.user_id, `${where}.user_id`);
  const h = object(p.here, `${where}.here`);
  const presence: { -readonly [K in keyof Presence]: Presence[K] } = {};
  const [x, y] = [number(h.x), number(h.y)];
  if (x !== undefined && y !== undefined) Object.assign(presence, { x, y });
  if (h.tool === 'pointer' || h.tool === 'laser') presence.tool = h.tool;
  if (h.down === true) presence.down = true;
  if (h.presenting === true) presence.presenting = true;
  if (typeof h.frame === 'string' && h.frame) presence.frame = h.frame;
  if (Array.isArray(h.selected)) {
    presence.selected = h.selected.filter((entry) => typeof entry === 'string');
  }
  if (Array.isArray(h.drafts)) {
    presence.drafts = h.drafts.filter(
      (entry): entry is Json => typeof entry === 'object' && entry !== null,
    );
  }
  if (typeof h.view === 'object' && h.view !== null) {
    const v = h.view as Json;
    const [left, top] = [number(v.x), number(v.y)];
    const [width, height] = [number(v.width), number(v.height)];
    if (left !== undefined && top !== undefined && width && height && width > 0 && height > 0) {
      presence.view = { x: left, y: top, width, height };
    }
  }
  return {
    ...presence,
    page: text(p.page, `${where}.page`),
    user_id: userID,
  };
}

function pastChange(value: unknown, where: string): PastChange {
  const p = object(value, where);
  const by = text(p.by, `${where}.by`);
  return {
    seq: whole(p.seq, `${where}.seq`),
    change: text(p.change, `${where}.change`),
    by,
    name: typeof p.name === 'string' && p.name ? p.name : by,
    via: typeof p.via === 'string' ? p.via : '',
    at: whole(p.at, `${where}.at`),
    fresh: p.fresh === true,
    undoes: p.undoes === true,
    undo: p.undo === true,
    items: whole(p.items, `${where}.items`),
    set: changes(p.set, `${where}.set`),
    before: changes(p.before, `${where}.before`),
  };
}

type Validators = { [M in ServerMessage as M['t']]: (m: Json) => M };

/** One validator per type of message that the server may send. */
const validators: Validators = {
  welcome: (m) => {
    const room = object(m.room, 'room');
    const me = object(m.me, 'me');
    const userID = text(me.user_id, 'me.user_id');
    return {
      t: 'welcome',
      seq: whole(m.seq, 'seq'),
      epoch: text(m.epoch, 'epoch'),
      resumed: truth(m.resumed, 'resumed'),
      total: whole(m.total, 'total'),
      room: {
        id: text(room.id, 'room.id'),
        name: typeof room.name === 'string' ? room.name : '',
        lang: lang(room.lang),
        own: room.own === true,
      },
      me: {
        user_id: userID,
        name: typeof me.name === 'string' && me.name ? me.name : userID,
        can: rights(me.can, 'me.can'),
      },
      page: typeof m.page === 'string' ? m.page : '',
      members: list(m.members, 'members', member),
      viewers: list(m.viewers, 'viewers', text),
    };
  },
  items: (m) => ({ t: 'items', items: list(m.items, 'items', item), more: m.more === true }),
  elements: (m) => ({
    t: 'elements',
    whiteboard: id(m.whiteboard, 'whiteboard'),
    items: list(m.items, 'items', item),
    more: m.more === true,
  }),
  here: (m) => ({
    t: 'here',
    whiteboard: text(m.whiteboard, 'whiteboard'),
    people: list(m.people, 'people', personHere),
    gone: list(m.gone, 'gone', text),
    presenter: typeof m.presenter === 'string' ? m.presenter : '',
  }),
  commit: (m) => ({
    t: 'commit',
    seq: whole(m.seq, 'seq'),
    id: text(m.id, 'id'),
    by: text(m.by, 'by'),
    via: typeof m.via === 'string' ? m.via : '',
    ops: list(m.ops, 'ops', op),
  }),
  ack: (m) => ({ t: 'ack', id: text(m.id, 'id'), seq: whole(m.seq, 'seq') }),
  no: (m) => {
    const error = object(m.error, 'error');
    return {
      t: 'no',
      id: text(m.id, 'id'),
      error: {
        kind: text(error.kind, 'error.kind'),
        message: text(error.message, 'error.message'),
      },
    };
  },
  viewers: (m) => ({ t: 'viewers', viewers: list(m.viewers, 'viewers', text) }),
  member: (m) => ({ t: 'member', ...member(m, 'member'), joined: truth(m.joined, 'joined') }),
  you: (m) => ({ t: 'you', can: rights(m.can, 'can') }),
  mine: (m) => ({
    t: 'mine',
    rooms: list(m.rooms, 'rooms', ownRoom),
    cards: list(m.cards, 'cards', ownCard),
    soon: list(m.soon, 'soon', ownCard),
    more: m.more === true,
  }),
  count: (m) => ({
    t: 'count',
    card: id(m.card, 'card'),
    comments: whole(m.comments, 'comments'),
  }),
  comments: (m) => ({
    t: 'comments',
    card: id(m.card, 'card'),
    comments: list(m.comments, 'comments', comment),
  }),
  comment: (m) => ({
    t: 'comment',
    card: id(m.card, 'card'),
    comment: m.comment === undefined ? null : comment(m.comment, 'comment'),
    gone: typeof m.gone === 'string' ? m.gone : '',
  }),
  history: (m) => ({
    t: 'history',
    card: id(m.card, 'card'),
    before: m.before === undefined ? null : whole(m.before, 'before'),
    entries: list(m.entries, 'entries', pastChange),
    more: m.more === true,
  }),
  bye: (m) => {
    const reason = byeReasons.find((r) => r === m.reason);
    if (!reason) throw new BadMessage('reason is not known');
    return {
      t: 'bye',
      reason,
      message: typeof m.message === 'string' ? m.message : '',
      room: typeof m.room === 'string' && m.room ? m.room : null,
    };
  },
  pong: () => ({ t: 'pong' }),
};

/**
 * Reads one message of the server.
 * Returns null for a type that this version does not know (a newer server may say more).
 * Throws BadMessage if the text is no JSON or a known type has the wrong shape.
 */
export function readMessage(json: string): ServerMessage | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new BadMessage('not JSON');
  }
  const m = object(parsed, 'message');
  const type = text(m.t, 't');
  if (!Object.hasOwn(validators, type)) return null;
  return validators[type as ServerMessage['t']](m);
}

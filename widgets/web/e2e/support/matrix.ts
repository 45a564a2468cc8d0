import { createHmac, randomUUID } from 'node:crypto';
import type { Homeserver } from '../world/world';

/** An event as a client gets it; `room` says where it was seen. */
export interface Event {
  readonly room: string;
  readonly event_id?: string;
  readonly type: string;
  readonly sender: string;
  readonly state_key?: string;
  readonly content: Record<string, unknown>;
}

/** The homeserver did not do what was asked. */
export class MatrixError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** How long something may take to get around between three busy servers. */
const patience = 90_000;
const longPoll = 10_000;
/** By default a busy room's answer holds 10 or 20 events, and the others are left out. */
const filter = JSON.stringify({ room: { timeline: { limit: 500 } } });

/** A person with a client: types, reacts, reads. */
export class Person {
  private since = '';
  private readonly seen: Event[] = [];
  private syncing: Promise<void> | null = null;

  private constructor(
    readonly server: Homeserver,
    readonly id: string,
    readonly name: string,
    readonly token: string,
  ) {}

  /** Makes an account. Its localpart is the first name in lower case and something unique. */
  static async register(server: Homeserver, name: string): Promise<Person> {
    const path = '/_synapse/admin/v1/register';
    const { nonce } = await call<{ nonce: string }>(server, 'GET', path);
    const [first = 'x'] = name.toLowerCase().split(' ');
    const username = `${first}-${randomUUID().slice(0, 8)}`;
    const password = randomUUID();
    const mac = createHmac('sha1', server.secret)
      .update([nonce, username, password, 'notadmin'].join('\0'))
      .digest('hex');
    const made = await call<{ access_token: string }>(server, 'POST', path, {
      ...{ nonce, username, password, mac },
      admin: false,
    });
    const person = new Person(server, `@${username}:${server.name}`, name, made.access_token);
    await person.call('PUT', `profile/${encodeURIComponent(person.id)}/displayname`, {
      displayname: name,
    });
    await person.sync(0);
    return person;
  }

  /** Signs in to an account that is there. */
  static async logIn(server: Homeserver, user: string, password: string): Promise<Person> {
    const { access_token } = await call<{ access_token: string }>(
      server,
      'POST',
      '/_matrix/client/v3/login',
      { type: 'm.login.password', identifier: { type: 'm.id.user', user }, password },
    );
    return new Person(server, user, user, access_token);
  }

  /** Calls the client-server API, below `/_matrix/client/v3/`. */
  call<T>(method: string, path: string, body?: object): Promise<T> {
    return call<T>(this.server, method, `/_matrix/client/v3/${path}`, body, this.token);
  }

  /** Sends an event; returns its id. */
  async send(room: string, type: string, content: object): Promise<string> {
    const path = `rooms/${encodeURIComponent(room)}/send/${type}/${randomUUID()}`;
    return (await this.call<{ event_id: string }>('PUT', path, content)).event_id;
  }

  /** Writes a message, into a thread if its root is given; returns its id. */
  say(room: string, text: string, thread?: string): Promise<string> {
    return this.send(room, 'm.room.message', {
      msgtype: 'm.text',
      body: text,
      ...(thread && { 'm.relates_to': { rel_type: 'm.thread', event_id: thread } }),
    });
  }

  /** Reacts to a message. */
  react(room: string, message: string, key: string): Promise<string> {
    return this.send(room, 'm.reaction', {
      'm.relates_to': { rel_type: 'm.annotation', event_id: message, key },
    });
  }

  /** Joins a room that the person was invited to, perhaps from the other homeserver. */
  async join(room: string, via: string): Promise<void> {
    await this.event(
      (e) => e.room === room && e.type === 'm.room.member' && e.state_key === this.id,
      'the invitation',
    );
    const path = `join/${encodeURIComponent(room)}?server_name=${encodeURIComponent(via)}`;
    const ends = Date.now() + patience;
    for (;;) {
      try {
        await this.call('POST', path, {});
        // The homeserver answers before its own clients may act in the room.
        await this.event(
          (e) =>
            e.room === room &&
            e.type === 'm.room.member' &&
            e.state_key === this.id &&
            e.content.membership === 'join',
          'the own arrival',
        );
        return;
      } catch (error) {
        // Dendrite refuses (403) for a moment after a federated invitation has come, and fails
        // (500) when something else happens in the room just then.
        const passing = error instanceof MatrixError && [403, 500].includes(error.status);
        if (!passing || Date.now() > ends) throw error;
        await this.sync(250);
      }
    }
  }

  /** Waits for an event that the person's client has seen or will see. */
  async event(matches: (event: Event) => boolean, what = 'an event'): Promise<Event> {
    const ends = Date.now() + patience;
    let checked = 0;
    for (;;) {
      for (; checked < this.seen.length; checked += 1) {
        const event = this.seen[checked];
        if (event && matches(event)) return event;
      }
      if (Date.now() > ends) throw new Error(`${this.id} waited in vain for ${what}`);
      await this.sync(longPoll);
    }
  }

  /** Takes in what is new; waits up to `timeout` milliseconds for something. */
  async sync(timeout: number): Promise<void> {
    this.syncing ??= this.syncOnce(timeout).finally(() => {
      this.syncing = null;
    });
    await this.syncing;
  }

  private async syncOnce(timeout: number): Promise<void> {
    const query = new URLSearchParams({
      timeout: String(timeout),
      set_presence: 'offline',
      filter,
    });
    if (this.since) query.set('since', this.since);
    const answer = await this.call<SyncAnswer>('GET', `sync?${query.toString()}`);
    this.since = answer.next_batch;
    for (const [room, { state, timeline }] of Object.entries(answer.rooms?.join ?? {})) {
      for (const event of [...(state?.events ?? []), ...(timeline?.events ?? [])]) {
        this.seen.push({ ...event, room });
      }
    }
    for (const [room, { invite_state }] of Object.entries(answer.rooms?.invite ?? {})) {
      for (const event of invite_state?.events ?? []) this.seen.push({ ...event, room });
    }
  }
}

type Raw = Omit<Event, 'room'>;

interface SyncAnswer {
  readonly next_batch: string;
  readonly rooms?: {
    readonly join?: Record<string, { state?: { events?: Raw[] }; timeline?: { events?: Raw[] } }>;
    readonly invite?: Record<string, { invite_state?: { events?: Raw[] } }>;
  };
}

async function call<T>(
  server: Homeserver,
  method: string,
  path: string,
  body?: object,
  token?: string,
): Promise<T> {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { errcode?: string; error?: string };
  if (!response.ok) {
    const [place = ''] = path.split('?');
    const said = `${method} ${place}: ${String(response.status)} ${answer.error ?? ''}`;
    throw new MatrixError(response.status, answer.errcode ?? '', said);
  }
  return answer as T;
}

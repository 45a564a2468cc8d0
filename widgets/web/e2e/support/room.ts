import { theWorld } from '../world/world';
import { MatrixError, Person, type Event } from './matrix';
import { Seat } from './seat';

const moderator = 50;
const patience = 90_000;

/** What a story needs. */
export interface Cast {
  /** Colleagues at the own homeserver beside Anna, who makes the room. */
  readonly colleagues?: readonly string[];
  /** Whether Mia of the partner's homeserver is there. */
  readonly partner?: boolean;
  readonly language?: 'de' | 'en';
  /** Titles of cards by column, such as `{ open: ['Angebot einholen'] }`. */
  readonly cards?: Readonly<Record<string, readonly string[]>>;
  readonly name?: string;
}

/** A real room with the bot, its members, and a board. */
export class ProjectRoom {
  private constructor(
    readonly id: string,
    readonly name: string,
    /** Who made the room and governs it, at the own homeserver. */
    readonly anna: Person,
    readonly colleagues: readonly Person[],
    private readonly guest: Person | null,
    /** Anna's seat at the board, without a browser. */
    readonly seat: Seat,
  ) {}

  /** The partner. */
  get mia(): Person {
    if (!this.guest) throw new Error('this room was made without the partner');
    return this.guest;
  }

  /** Makes a room and waits until everything in it is ready. */
  static async make(cast: Cast = {}): Promise<ProjectRoom> {
    const { amt, partner, bot } = theWorld();
    const [anna, guest, ...colleagues] = await Promise.all([
      Person.register(amt, 'Anna Petersen'),
      cast.partner ? Person.register(partner, 'Mia Brandt') : null,
      ...(cast.colleagues ?? []).map((name) => Person.register(amt, name)),
    ]);
    const name = cast.name ?? 'Umbau Rathaus';
    const { room_id: id } = await anna.call<{ room_id: string }>('POST', 'createRoom', {
      preset: 'private_chat',
      name,
      invite: [bot, ...colleagues.map((colleague) => colleague.id)],
      power_level_content_override: { users: { [anna.id]: 100, [bot]: moderator } },
    });
    await Promise.all(colleagues.map((colleague) => colleague.join(id, amt.name)));
    await anna.event(
      (e) => e.room === id && e.type === 'im.vector.modular.widgets' && e.sender === bot,
      'the widget',
    );
    await anna.event(
      (e) => e.room === id && e.type === 'de.werkraum.change' && e.sender === bot,
      'the first columns',
    );
    const room = new ProjectRoom(id, name, anna, colleagues, guest, await Seat.take(anna, id));
    // While nothing else happens: a Dendrite that joins while something happens at the other end
    // may miss that, or fail.
    if (guest) await room.admit(guest);
    if (cast.language === 'en') {
      const asked = await anna.say(id, '!language en');
      await anna.event((e) => e.sender === bot && relatesTo(e, asked), 'the answer to !language');
    }
    for (const [column, titles] of Object.entries(cast.cards ?? {})) {
      for (const title of titles) await room.seat.addCard(title, column);
    }
    return room;
  }

  /** Invites somebody and waits until Werkraum, too, knows that they have come. */
  async admit(person: Person): Promise<void> {
    await this.anna.call('POST', `rooms/${encodeURIComponent(this.id)}/invite`, {
      user_id: person.id,
    });
    await person.join(this.id, theWorld().amt.name);
    (await Seat.take(person, this.id)).leave();
  }

  async kick(person: Person, reason: string): Promise<void> {
    const path = `rooms/${encodeURIComponent(this.id)}/kick`;
    await this.anna.call('POST', path, { user_id: person.id, reason });
  }

  /**
   * Replaces the room as Element does it, with the bot invited into the new one; returns its id
   * once the board stands there.
   */
  async upgrade(): Promise<string> {
    const { bot } = theWorld();
    const { replacement_room: id } = await this.anna.call<{ replacement_room: string }>(
      'POST',
      `rooms/${encodeURIComponent(this.id)}/upgrade`,
      { new_version: '11' },
    );
    await this.anna
      .call('POST', `rooms/${encodeURIComponent(id)}/invite`, { user_id: bot })
      .catch((error: unknown) => {
        // The homeserver may have done so by itself.
        if (!(error instanceof MatrixError)) throw error;
      });
    await this.anna.event(
      (e) => e.room === id && e.state_key === bot && e.content.membership === 'join',
      'the bot in the new room',
    );
    (await Seat.take(this.anna, id)).leave();
    return id;
  }

  /** Sets the power that it takes to change the board. */
  async setPowerToEdit(level: number): Promise<void> {
    const path = `rooms/${encodeURIComponent(this.id)}/state/m.room.power_levels/`;
    const now = await this.anna.call<{ events?: object }>('GET', path);
    const events = { ...now.events, 'de.werkraum.change': level };
    await this.anna.call('PUT', path, { ...now, events });
  }

  /** Gives somebody a power level. */
  async setPowerOf(person: Person, level: number): Promise<void> {
    const path = `rooms/${encodeURIComponent(this.id)}/state/m.room.power_levels/`;
    const now = await this.anna.call<{ users?: object }>('GET', path);
    await this.anna.call('PUT', path, { ...now, users: { ...now.users, [person.id]: level } });
  }

  /** The bot's message of a card, as Anna's client sees it. */
  async cardMessage(title: string): Promise<Event> {
    return this.anna.event(
      (e) => e.room === this.id && e.sender === theWorld().bot && isCard(e, title),
      `the message of the card ${title}`,
    );
  }

  /** Has a person ask for a private link; returns its address. */
  async privateLink(person: Person): Promise<string> {
    await person.say(this.id, '!link');
    return linkSentTo(person);
  }
}

/**
 * How long a person takes to accept an invitation. Dendrite needs it: a message that is sent at
 * the one end in the very moment of a join at the other is never seen by who has joined.
 */
const moment = 1_000;

/**
 * Takes part in the bot's direct chat and reads the link in it.
 * @param again asks for the link once more, should it have been missed; by default for that to the
 * board
 */
export async function linkSentTo(person: Person, again?: () => Promise<unknown>): Promise<string> {
  const { bot, werkraum } = theWorld();
  const invitation = await person.event(
    (e) =>
      e.type === 'm.room.member' &&
      e.sender === bot &&
      e.state_key === person.id &&
      e.content.membership === 'invite',
    'the invitation to the direct chat',
  );
  await new Promise((accepts) => setTimeout(accepts, moment));
  await person.join(invitation.room, theWorld().amt.name);
  const path = `rooms/${encodeURIComponent(invitation.room)}/messages?dir=b&limit=20`;
  const ends = Date.now() + patience;
  let asksAgain = Date.now() + 10_000;
  for (;;) {
    // As every client does in a room that it has just come into: what was said before the
    // person accepted is history, and over federation the homeserver has to fetch it.
    const { chunk } = await person.call<{ chunk: Event[] }>('GET', path);
    for (const event of chunk) {
      const link = bodyOf(event)
        .split(/\s+/)
        .find((word) => word.startsWith(`${werkraum}/#/link?`));
      if (link && event.sender === bot) return link;
    }
    if (Date.now() > ends) throw new Error(`${person.id} waited in vain for the private link`);
    if (Date.now() > asksAgain) {
      asksAgain += 10_000; // the moment was too short on a machine that is very busy
      await (again?.() ?? person.say(invitation.room, '!link'));
    }
    await person.sync(500);
  }
}

/** The text of a message. */
export function bodyOf(event: Event): string {
  return typeof event.content.body === 'string' ? event.content.body : '';
}

/** Whether an event answers another one in any way. */
export function relatesTo(event: Event, other: string): boolean {
  return JSON.stringify(event.content['m.relates_to'] ?? {}).includes(other);
}

function isCard(event: Event, title: string): boolean {
  return bodyOf(event).startsWith('📋') && bodyOf(event).includes(title);
}

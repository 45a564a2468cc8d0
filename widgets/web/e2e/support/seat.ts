import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { theWorld } from '../world/world';
import type { Person } from './matrix';

const patience = 90_000;
const between = 200;

/**
 * A person's seat at a room's board without a browser: the same protocol that the page speaks.
 * Furnishes boards for stories that are about something else.
 */
export class Seat {
  private readonly waiting = new Map<string, (answer: Answer) => void>();

  private constructor(private readonly socket: WebSocket) {}

  /** Signs in; waits until Werkraum has learned that the person is in the room. */
  static async take(person: Person, room: string): Promise<Seat> {
    const session = await signIn(person, room);
    const socket = new WebSocket(
      `${theWorld().werkraum.replace('http', 'ws')}/api/v1/live`,
      'werkraum.v1',
    );
    const seat = new Seat(socket);
    await new Promise<void>((welcomed, failed) => {
      socket.once('error', failed);
      socket.once('open', () => {
        socket.send(JSON.stringify({ t: 'hello', session, lang: 'de' }));
      });
      socket.on('message', (data, binary) => {
        if (binary) return; // the rest of a large board
        const message = JSON.parse((data as Buffer).toString()) as Answer;
        if (message.t === 'welcome') welcomed();
        if (message.t === 'bye') failed(new Error(`the server said ${JSON.stringify(message)}`));
        if (message.t === 'ack' || message.t === 'no') seat.answered(message);
      });
    });
    return seat;
  }

  /** Does something and waits until it is done. */
  async do(act: string, args: object): Promise<void> {
    const id = randomUUID();
    const answer = await new Promise<Answer>((answered) => {
      this.waiting.set(id, answered);
      this.socket.send(JSON.stringify({ t: 'do', id, act, args }));
    });
    if (answer.t === 'no') throw new Error(`${act} was refused: ${JSON.stringify(answer.error)}`);
  }

  /** Adds a card at the end of a column; returns its item id. */
  async addCard(title: string, column = 'open', more: object = {}): Promise<string> {
    const card = randomUUID();
    await this.do('card.add', { card, title, column, before: null, ...more });
    return card;
  }

  leave(): void {
    this.socket.close();
  }

  private answered(answer: Answer): void {
    this.waiting.get(answer.id ?? '')?.(answer);
    this.waiting.delete(answer.id ?? '');
  }
}

interface Answer {
  readonly t: string;
  readonly id?: string;
  readonly error?: unknown;
}

async function signIn(person: Person, room: string): Promise<string> {
  const openid = await person.call<object>(
    'POST',
    `user/${encodeURIComponent(person.id)}/openid/request_token`,
    {},
  );
  const ends = Date.now() + patience;
  for (;;) {
    const response = await fetch(`${theWorld().werkraum}/api/v1/sessions/openid`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ room_id: room, openid }),
    });
    const answer = (await response.json()) as { session?: string; error?: unknown };
    if (answer.session) return answer.session;
    // What another server's member did takes a moment to arrive.
    if (response.status !== 403 || Date.now() > ends) {
      throw new Error(`${person.id} cannot sign in: ${JSON.stringify(answer.error)}`);
    }
    await new Promise((later) => setTimeout(later, between));
  }
}

import type { OpenID } from '../host/widgetHost';
import type { Lang } from '../live/protocol';

/** Why the server did not do what was asked; `message` is its sentence, if it gave one. */
export class ServerRefusal extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

/** Signs in with proof from the person's own homeserver; returns the session. */
export async function signInByOpenID(room: string, openid: OpenID, lang: Lang): Promise<string> {
  return sessionOf(await post('/api/v1/sessions/openid', { room_id: room, openid }, lang));
}

/** Signs in with the one-time token of a private link; returns the session. */
export async function signInByLink(token: string, lang: Lang): Promise<string> {
  return sessionOf(await post('/api/v1/sessions/link', { token }, lang));
}

/** Asks the bot to send links to somebody. The answer says nothing about whether it did. */
export async function requestLink(user: string, room: string | null, lang: Lang): Promise<void> {
  await post('/api/v1/links', room ? { user_id: user, room_id: room } : { user_id: user }, lang);
}

/** Ends a session: its token opens nothing any more, and other pages that it opened are closed. */
export async function endSession(session: string, lang: Lang): Promise<void> {
  const authorization = `Bearer ${session}`;
  await ask('/api/v1/session', lang, { method: 'DELETE', headers: { authorization } });
}

async function post(path: string, body: object, lang: Lang): Promise<unknown> {
  return ask(path, lang, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask(path: string, lang: Lang, asked: Asked): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...asked,
      headers: { ...asked.headers, 'accept-language': lang },
    });
  } catch {
    throw new Unreachable();
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusalOf(answer);
  return answer;
}

/** Reads an error body; whatever is missing in it stays empty. */
export function refusalOf(answer: unknown): ServerRefusal {
  const error = isRecord(answer) && isRecord(answer.error) ? answer.error : {};
  return new ServerRefusal(
    typeof error.kind === 'string' ? error.kind : 'internal',
    typeof error.message === 'string' ? error.message : '',
  );
}

function sessionOf(answer: unknown): string {
  if (!isRecord(answer) || typeof answer.session !== 'string' || !answer.session) {
    throw new ServerRefusal('internal', '');
  }
  return answer.session;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether a text has the shape of a Matrix ID. */
export function isMatrixID(text: string): boolean {
  return text.length <= 255 && /^@[^\s:@]+:[^\s:@/]+(:\d{1,5})?$/.test(text);
}

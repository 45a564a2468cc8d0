import type { Asking } from './files';
import { refusalOf, Unreachable } from './server';

function headers(by: Asking): Record<string, string> {
  return { authorization: `Bearer ${by.session}`, 'accept-language': by.lang };
}

function addressOf(whiteboard: string): string {
  return `/api/v1/whiteboards/${encodeURIComponent(whiteboard)}`;
}

async function ask(path: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return response;
  throw refusalOf(await response.json().catch(() => null));
}

/** Fetches a picture that is on a whiteboard. */
export async function fetchPicture(by: Asking, whiteboard: string, id: string): Promise<Blob> {
  const path = `${addressOf(whiteboard)}/pictures/${encodeURIComponent(id)}`;
  return (await ask(path, { headers: headers(by) })).blob();
}

/** Stores a picture for a whiteboard; the same ID again is the same picture. */
export async function sendPicture(
  by: Asking,
  whiteboard: string,
  id: string,
  picture: Blob,
): Promise<void> {
  await send(by, `${addressOf(whiteboard)}/pictures?id=${encodeURIComponent(id)}`, picture);
}

/** Has the bot post a picture of a whiteboard into the chat, once for an ID. */
export async function postPicture(
  by: Asking,
  whiteboard: string,
  id: string,
  picture: Blob,
): Promise<void> {
  await send(by, `${addressOf(whiteboard)}/post?id=${encodeURIComponent(id)}`, picture);
}

async function send(by: Asking, path: string, picture: Blob): Promise<void> {
  await ask(path, {
    method: 'POST',
    headers: { ...headers(by), 'content-type': 'application/octet-stream' },
    body: picture,
  });
}

import type { Lang } from '../live/protocol';
import { refusalOf, ServerRefusal, Unreachable } from './server';

/** Who asks: their session, in their language. */
export interface Asking {
  readonly session: string;
  readonly lang: Lang;
}

function address(card: string, file = ''): string {
  return `/api/v1/cards/${encodeURIComponent(card)}/files${file && `/${encodeURIComponent(file)}`}`;
}

function headers(by: Asking): Record<string, string> {
  return { authorization: `Bearer ${by.session}`, 'accept-language': by.lang };
}

/** Fetches an attachment; `small` is enough of a picture for a card's face. */
export async function fetchFile(
  by: Asking,
  card: string,
  file: string,
  small: boolean,
  signal: AbortSignal,
): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(address(card, file) + (small ? '?size=small' : ''), {
      headers: headers(by),
      signal,
    });
    if (response.ok) return await response.blob();
  } catch {
    throw new Unreachable();
  }
  throw refusalOf(await response.json().catch(() => null));
}

/** How large a file may be that is attached here, in bytes. */
export async function largestUpload(by: Asking): Promise<number> {
  let answer: unknown;
  try {
    const response = await fetch('/api/v1/uploads', { headers: headers(by) });
    answer = await response.json();
    if (!response.ok) throw refusalOf(answer);
  } catch (error) {
    if (error instanceof ServerRefusal) throw error;
    throw new Unreachable();
  }
  const most =
    typeof answer === 'object' && answer && 'max_bytes' in answer ? answer.max_bytes : null;
  return typeof most === 'number' ? most : Number.MAX_SAFE_INTEGER;
}

/**
 * Sends a file and tells how far it is, from 0 to 1. The same `id` again is the same file. It is
 * not fetch that sends it, for that does not tell how far it is.
 */
export function sendFile(
  by: Asking,
  card: string,
  id: string,
  file: File,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ id, name: file.name });
    request.open('POST', `${address(card)}?${query.toString()}`);
    for (const [name, value] of Object.entries(headers(by))) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total > 0 ? loaded / total : 0);
    };
    request.onload = () => {
      if (request.status === 201) resolve();
      else reject(refusalOf(parsed(request.responseText)));
    };
    request.onerror = () => {
      reject(new Unreachable());
    };
    request.onabort = () => {
      reject(new DOMException('', 'AbortError'));
    };
    signal.addEventListener('abort', () => {
      request.abort();
    });
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

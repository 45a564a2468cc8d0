import type { Access } from '../live/client';
import type { Lang } from '../live/protocol';
import { refusalOf, ServerRefusal, Unreachable } from '../session/server';
import type { ExportFormat } from './format';

/** What an import would make, or has made. */
export interface ImportAnswer {
  /** By which it is taken back; absent in a preview. */
  readonly change: string | null;
  readonly format: string;
  readonly boards: readonly string[];
  /** The boards to which it came; none in a preview. */
  readonly into: readonly string[];
  readonly columns: number;
  readonly cards: number;
  /** People of the file who are no members of the room. */
  readonly strangers: readonly string[];
  readonly refused: readonly { readonly where: string; readonly why: string }[];
  /** How many refusals there are beyond those listed. */
  readonly more: number;
}

/** Where an import goes: to a board, or to a new one (`board` is null) of that title. */
export interface ImportDestination {
  readonly board: string | null;
  readonly title: string;
}

/** An import that is under way: how to end it before it is done. */
export interface Sending {
  readonly answer: Promise<ImportAnswer>;
  readonly abort: () => void;
}

/**
 * Sends a file to be taken over, or, without a destination, to be told what would come of it. `name` names the change, so
 * that the same import is made once; `onProgress` is told how much has been sent, from 0 to 1.
 */
export function sendFile(options: {
  readonly access: Access;
  readonly file: Blob;
  readonly destination: ImportDestination | null;
  readonly name: string;
  readonly lang: Lang;
  readonly onProgress: (part: number) => void;
}): Sending {
  // Not fetch, which does not tell how much has been sent.
  const request = new XMLHttpRequest();
  const answer = new Promise<ImportAnswer>((resolve, reject) => {
    request.open('POST', `${pathOf(options.access)}/imports?${queryOf(options.destination)}`);
    request.setRequestHeader('authorization', `Bearer ${options.access.session}`);
    request.setRequestHeader('accept-language', options.lang);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('idempotency-key', options.name);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) options.onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status !== 200) reject(refusalOf(body));
      else resolve(answerOf(body));
    };
    request.onerror = () => {
      reject(new Unreachable());
    };
    request.send(options.file);
  });
  return {
    answer,
    abort: () => {
      request.abort();
    },
  };
}

/** Fetches the board as a file. */
export async function fetchExport(
  access: Access,
  format: ExportFormat,
  lang: Lang,
): Promise<{ readonly file: Blob; readonly name: string }> {
  let response: Response;
  try {
    response = await fetch(`${pathOf(access)}/export?format=${format}&lang=${lang}`, {
      headers: { authorization: `Bearer ${access.session}`, 'accept-language': lang },
    });
  } catch {
    throw new Unreachable();
  }
  if (!response.ok) throw refusalOf(await response.json().catch(() => null));
  const named = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '');
  return { file: await response.blob(), name: named?.[1] ?? `werkraum.${format}` };
}

function pathOf({ room }: Access): string {
  return `/api/v1/rooms/${encodeURIComponent(room)}`;
}

function queryOf(destination: ImportDestination | null): string {
  if (!destination) return 'preview=true';
  const { board, title } = destination;
  if (board !== null) return `board=${encodeURIComponent(board)}`;
  return title ? `new=true&title=${encodeURIComponent(title)}` : 'new=true';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads an answer; what is missing in it stays empty. */
function answerOf(body: unknown): ImportAnswer {
  if (!isRecord(body)) throw new ServerRefusal('internal', '');
  return {
    change: typeof body.change === 'string' ? body.change : null,
    format: typeof body.format === 'string' ? body.format : '',
    boards: listOf(body.boards).filter((entry) => typeof entry === 'string'),
    into: listOf(body.into).filter((entry) => typeof entry === 'string'),
    columns: numberOf(body.columns),
    cards: numberOf(body.cards),
    strangers: listOf(body.strangers).filter((entry) => typeof entry === 'string'),
    refused: listOf(body.refused).map((entry) => ({
      where: isRecord(entry) && typeof entry.where === 'string' ? entry.where : '',
      why: isRecord(entry) && typeof entry.why === 'string' ? entry.why : '',
    })),
    more: numberOf(body.more_refused),
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

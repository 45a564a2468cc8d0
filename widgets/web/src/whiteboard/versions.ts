import type { Items } from '../live/items';
import type { Asking } from '../session/files';
import { refusalOf, Unreachable } from '../session/server';
import { byIndex, shaped, type Element } from './elements';

/** An earlier state of a whiteboard that is kept. */
export interface Version {
  readonly id: string;
  /** What somebody called it; empty if it was kept by itself. */
  readonly title: string;
  /** When that was (RFC 3339). */
  readonly created: string;
  /** Whose it is; empty if it was kept by itself. */
  readonly by: string;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The earlier states of a whiteboard, the newest first. */
export function versionsOf(items: Items, whiteboard: string): readonly Version[] {
  const found: Version[] = [];
  for (const { id, kind, fields } of items.all.values()) {
    if (kind !== 'version' || fields.deleted === true || fields.whiteboard !== whiteboard) continue;
    found.push({
      id,
      title: fields.auto === true ? '' : text(fields.title),
      created: text(fields.created),
      by: text(fields.created_by),
    });
  }
  return found.sort((a, b) =>
    a.created === b.created ? (a.id < b.id ? 1 : -1) : a.created < b.created ? 1 : -1,
  );
}

/** Fetches what lay on a whiteboard in an earlier state, in the order in which it is drawn. */
export async function fetchVersion(
  by: Asking,
  whiteboard: string,
  version: string,
  signal: AbortSignal,
): Promise<readonly Element[]> {
  const address = `/api/v1/whiteboards/${encodeURIComponent(whiteboard)}/versions/${encodeURIComponent(version)}`;
  let answer: unknown;
  let ok = false;
  try {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${by.session}`, 'accept-language': by.lang },
      signal,
    });
    ok = response.ok;
    answer = await response.json();
  } catch {
    throw new Unreachable();
  }
  if (!ok) throw refusalOf(answer);
  return elementsIn(answer);
}

/** What can be shown of an answer of the server. */
export function elementsIn(answer: unknown): readonly Element[] {
  if (typeof answer !== 'object' || answer === null || !('elements' in answer)) return [];
  if (!Array.isArray(answer.elements)) return [];
  const elements: Element[] = [];
  for (const data of answer.elements as unknown[]) {
    if (typeof data !== 'object' || data === null) continue;
    const element = shaped(data as Record<string, unknown>);
    if (element && !element.isDeleted) elements.push(element);
  }
  return elements.sort(byIndex);
}

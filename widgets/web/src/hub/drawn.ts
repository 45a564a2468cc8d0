import type { Item } from '../live/protocol';
import type { Offer } from './toasts';

/**
 * Offers what was written on a whiteboard and does not hold: texts among these elements that the
 * room has not got. Null if there are none.
 */
export function copyOfDrawn(args: object, known: (item: string) => Item | undefined): Offer | null {
  const { whiteboard, elements } = args as { whiteboard?: unknown; elements?: unknown };
  if (typeof whiteboard !== 'string' || !Array.isArray(elements)) return null;
  const lost = elements.flatMap((element: Record<string, unknown>) => {
    const { id, isDeleted } = element;
    const text = writtenOn(element);
    if (text.trim() === '' || isDeleted === true || typeof id !== 'string') return [];
    const data = known(`${whiteboard}-${id}`)?.fields.data;
    const before = typeof data === 'string' ? (JSON.parse(data) as Record<string, unknown>) : {};
    return writtenOn(before) === text ? [] : [text];
  });
  return lost.length > 0 ? { kind: 'copy', text: lost.join('\n\n') } : null;
}

function writtenOn({ originalText, text, name }: Readonly<Record<string, unknown>>): string {
  for (const words of [originalText, text, name]) if (typeof words === 'string') return words;
  return '';
}

import type { FieldChanges, Item, Op } from '../src/live/protocol';

type Args = Record<string, unknown>;

/** Whether an item comes only to those who have opened its whiteboard. */
export function isDrawn({ kind }: { readonly kind: string }): boolean {
  return kind === 'element' || kind === 'picture';
}

/** What the acts on whiteboards do in the stand-in; null for other acts. */
export function whiteboardOps(act: string, a: Args, items: ReadonlyMap<string, Item>): Op[] | null {
  const whiteboard = String(a.whiteboard);
  const own = (set: FieldChanges): Op[] => [{ item: whiteboard, kind: 'whiteboard', set }];
  switch (act) {
    case 'whiteboard.add': {
      const rank = String(items.size).padStart(12, '0');
      return own({ title: String(a.title), rank });
    }
    case 'whiteboard.edit':
      return own({ title: String(a.title) });
    case 'whiteboard.remove':
      return own({ deleted: true });
    case 'whiteboard.draw':
      return (a.elements as Args[]).flatMap((element) => drawn(whiteboard, element, items));
    case 'whiteboard.lock': {
      const set = { locked: a.on === true ? true : null };
      if (!Array.isArray(a.elements)) return own(set);
      return a.elements.map((id) => ({
        item: `${whiteboard}-${String(id)}`,
        kind: 'element',
        set,
      }));
    }
    default:
      return null;
  }
}

function drawn(whiteboard: string, element: Args, items: ReadonlyMap<string, Item>): Op[] {
  const { version, versionNonce, isDeleted, ...data } = element;
  const item = `${whiteboard}-${String(element.id)}`;
  const known = items.get(item)?.fields;
  const [was, nonce] = [Number(known?.version ?? 0), Number(known?.nonce ?? 0)];
  const newer = Number(version) > was || (version === was && Number(versionNonce) < nonce);
  if (!newer) return [];
  const set = {
    data: JSON.stringify(data),
    version: Number(version),
    nonce: Number(versionNonce),
    deleted: isDeleted === true ? true : null,
  };
  return [{ item, kind: 'element', set }];
}

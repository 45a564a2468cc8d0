import type { FieldChanges, Item, Op } from '../src/live/protocol';

type Args = Record<string, unknown>;

/** What the acts on a card's details and on labels do in the stand-in; null for other acts. */
export function cardDetailOps(act: string, a: Args, items: ReadonlyMap<string, Item>): Op[] | null {
  const card = String(a.card);
  const cardOp = (set: FieldChanges): Op[] => {
    if (!items.has(card)) throw new Error('Die Karte gibt es nicht.');
    return [{ item: card, kind: 'card', set }];
  };
  switch (act) {
    case 'card.archive':
      return cardOp({ archived: a.on === true ? true : null });
    case 'card.check':
      return cardOp(checkFields(a, items.get(card)));
    case 'card.link': {
      const link = `link/${String(a.link)}`;
      if (a.url === '') return cardOp({ [`${link}/url`]: null, [`${link}/title`]: null });
      return cardOp({ [`${link}/url`]: String(a.url), [`${link}/title`]: String(a.title) || null });
    }
    case 'card.relate': {
      const other = String(a.other);
      const on = a.on === true;
      return cardOp(
        a.relation === 'parent'
          ? { parent: on ? other : null }
          : { [`${String(a.relation)}/${other}`]: on ? true : null },
      );
    }
    case 'label.edit': {
      const label = String(a.label);
      const known = items.get(itemOf(label))?.fields.color ?? null;
      const color = typeof a.color === 'string' ? a.color || null : known;
      if (typeof a.rename !== 'string') return [labelOp(label, { title: label, color })];
      const { rename } = a;
      const ops = [labelOp(label, { color: null }), labelOp(rename, { title: rename, color })];
      return [...relabelled(items, label, rename), ...ops];
    }
    case 'label.remove': {
      const label = String(a.label);
      return [...relabelled(items, label, null), labelOp(label, { color: null })];
    }
    default:
      return null;
  }
}

function checkFields(a: Args, card: Item | undefined): FieldChanges {
  const entry = `check/${String(a.entry)}`;
  if (a.title === '') {
    return { [`${entry}/title`]: null, [`${entry}/done`]: null, [`${entry}/rank`]: null };
  }
  const set: Record<string, string | boolean | null> = {};
  if (typeof a.title === 'string') set[`${entry}/title`] = a.title;
  if (a.done !== undefined) set[`${entry}/done`] = a.done === true ? true : null;
  const ranks = Object.entries(card?.fields ?? {})
    .filter(([name]) => /^check\/.*\/rank$/.test(name) && name !== `${entry}/rank`)
    .map(([name, rank]) => [name, Number(rank)] as const)
    .sort(([, x], [, y]) => x - y);
  const isNew = card?.fields[`${entry}/rank`] === undefined;
  if (isNew || typeof a.before === 'string') {
    const at = ranks.findIndex(([name]) => name === `check/${String(a.before)}/rank`);
    const next = at < 0 ? ranks.length : at;
    const low = ranks[next - 1]?.[1] ?? 0;
    const high = ranks[next]?.[1] ?? low + 2e8;
    set[`${entry}/rank`] = String(Math.floor((low + high) / 2)).padStart(12, '0');
  }
  return set;
}

/** The real server's ids of labels are hashes of their names. */
function itemOf(label: string): string {
  return `hash-${label.toLowerCase()}`;
}

function labelOp(label: string, set: FieldChanges): Op {
  return { item: itemOf(label), kind: 'label', set };
}

function relabelled(items: ReadonlyMap<string, Item>, label: string, name: string | null): Op[] {
  return [...items.values()]
    .filter(({ kind, fields }) => kind === 'card' && fields[`label/${label}`] === true)
    .map(({ id, kind }) => ({
      item: id,
      kind,
      set: { [`label/${label}`]: null, ...(name !== null && { [`label/${name}`]: true }) },
    }));
}

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { LiveClient } from '../live/client';
import type { Fields } from '../live/protocol';
import { BoardActs } from './acts';
import { BoardIndex } from './boardIndex';
import type { Card } from './model';
import { relationsOf } from './relatedCards';

/** A board that has no line: what is done is shown and waits to be sent. */
function board(cards: Record<string, Fields>, labels: Record<string, Fields> = {}) {
  const client = new LiveClient({ url: 'ws://nowhere', lang: 'de' });
  client.items.startSnapshot();
  client.items.addPage(
    [
      { id: 'offen', kind: 'column', fields: { title: 'Offen', rank: '1' } },
      { id: 'fertig', kind: 'column', fields: { title: 'Erledigt', rank: '2', done: true } },
      ...Object.entries(cards).map(([id, fields], i) => ({
        id,
        kind: 'card',
        fields: { title: id, column: 'offen', rank: String(i), number: String(i + 1), ...fields },
      })),
      ...Object.entries(labels).map(([id, fields]) => ({ id, kind: 'label', fields })),
    ],
    true,
  );
  client.items.refresh();
  const index = new BoardIndex(client.items);
  client.onItems((changed) => {
    index.apply(changed);
  });
  const acts = new BoardActs(client, () => index.view);
  const card = (id: string): Card => {
    const found = index.card(id);
    if (!found) throw new Error(`no card ${id}`);
    return found;
  };
  const titles = (id: string): string[] =>
    card(id).checklist.map(({ title, done }) => (done ? `${title} ✓` : title));
  return { acts, card, client, index, titles };
}

describe('what is done on a card is shown at once', () => {
  it('dates and priority, which are taken away by nothing', () => {
    const { acts, card } = board({ a: {} });
    acts.editCard('a', { start: '2026-11-30', due: '2026-12-04', priority: 'urgent' });
    expect(card('a')).toMatchObject({
      start: '2026-11-30',
      due: '2026-12-04',
      priority: 'urgent',
    });
    acts.editCard('a', { start: '', priority: '' });
    expect(card('a')).toMatchObject({ start: '', due: '2026-12-04', priority: '' });
  });

  it('a checklist: added at the end, ticked off, renamed, moved, removed', () => {
    const { acts, card, titles } = board({ a: {} });
    for (const title of ['eins', 'zwei', 'drei']) acts.addCheck(card('a'), title);
    expect(titles('a')).toEqual(['eins', 'zwei', 'drei']);
    const [eins, zwei, drei] = card('a').checklist.map(({ id }) => id) as [string, string, string];
    acts.editCheck('a', zwei, { done: true });
    acts.editCheck('a', eins, { title: 'EINS' });
    expect(titles('a')).toEqual(['EINS', 'zwei ✓', 'drei']);
    acts.moveCheck(card('a'), drei, eins);
    expect(titles('a')).toEqual(['drei', 'EINS', 'zwei ✓']);
    acts.moveCheck(card('a'), drei, null);
    expect(titles('a')).toEqual(['EINS', 'zwei ✓', 'drei']);
    acts.editCheck('a', zwei, { done: false });
    acts.removeCheck('a', eins);
    expect(titles('a')).toEqual(['zwei', 'drei']);
  });

  it('relations, from both ends', () => {
    const { acts, card, index } = board({ a: {}, b: {}, c: {} });
    const seen = (id: string): Record<string, string[]> =>
      Object.fromEntries(
        relationsOf(card(id), index).map(({ kind, cards }) => [kind, cards.map((c) => c.id)]),
      );
    acts.relate('a', 'blocks', 'b', true);
    acts.relate('c', 'relates', 'b', true);
    acts.relate('b', 'parent', 'a', true);
    expect(seen('a')).toEqual({ blocks: ['b'], parts: ['b'] });
    expect(seen('b')).toEqual({ blockedBy: ['a'], parent: ['a'], relates: ['c'] });
    expect(seen('c')).toEqual({ relates: ['b'] });
    expect(index.isBlocked('b')).toBe(true);
    // What blocks it is finished.
    acts.moveCard('a', 'fertig', null);
    expect(index.isBlocked('b')).toBe(false);
    acts.relate('b', 'parent', 'a', false);
    acts.deleteCard('c');
    expect(seen('b')).toEqual({ blockedBy: ['a'] });
  });

  it('links, in the order in which they were added', () => {
    const { acts, card } = board({ a: {} });
    acts.setLink('a', null, 'https://eins.example/', 'Eins');
    acts.setLink('a', null, 'https://zwei.example/', '');
    expect(card('a').links.map(({ url, title }) => [url, title])).toEqual([
      ['https://eins.example/', 'Eins'],
      ['https://zwei.example/', ''],
    ]);
    const [first] = card('a').links;
    acts.setLink('a', first?.id ?? '', 'https://eins.example/neu', '');
    acts.removeLink('a', card('a').links[1]?.id ?? '');
    expect(card('a').links.map(({ url, title }) => [url, title])).toEqual([
      ['https://eins.example/neu', ''],
    ]);
  });

  it('putting aside and back', () => {
    const { acts, card, index } = board({ a: {}, b: {} });
    acts.archiveCard('a', true);
    expect(index.view.columns[0]?.cards.map(({ id }) => id)).toEqual(['b']);
    expect(index.view.archived.map(({ id }) => id)).toEqual(['a']);
    expect(card('a').archived).toBe(true);
    acts.archiveCard('a', false);
    expect(index.view.columns[0]?.cards.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(index.view.archived).toEqual([]);
  });

  it('a label’s colour and name, on all cards and in all spellings', () => {
    const { acts, card, index } = board(
      { a: { 'label/Eilt': true }, b: { 'label/eilt': true, archived: true }, c: {} },
      { hash: { title: 'eilt', color: 'red' } },
    );
    const color = (label: string): string | undefined => index.view.colors.get(label)?.color;
    expect(color('eilt')).toBe('red');
    acts.colorLabel('Eilt', 'blue');
    expect(color('eilt')).toBe('blue');
    acts.renameLabel('Eilt', 'dringend');
    expect(card('a').labels).toEqual(['dringend']);
    expect(card('b').labels).toEqual(['dringend']);
    expect([color('eilt'), color('dringend')]).toEqual([undefined, 'blue']);
    expect(index.view.labels).toEqual(['dringend']);
    acts.removeLabel('dringend');
    expect(card('a').labels).toEqual([]);
    expect(index.view.labels).toEqual([]);
    // One that has no colour yet.
    acts.colorLabel('neu', 'teal');
    expect(color('neu')).toBe('teal');
    acts.colorLabel('neu', null);
    expect(color('neu')).toBeUndefined();
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { Items } from '../live/items';
import { BoardIndex } from './boardIndex';
import { sameView, savedViewOf, viewArguments, viewFields } from './savedViews';
import { firstView, type ViewState } from './viewState';

const chosen: ViewState = {
  layout: 'table',
  filter: {
    text: 'möbel',
    people: ['@anna:x', 'nobody'],
    labels: ['Bau'],
    priorities: ['urgent', 'normal'],
    due: 'week',
  },
  sort: { by: 'due', down: true },
  columns: ['number', 'due'],
};

function items(fields: Record<string, string | true | null>): Items {
  const made = new Items();
  made.commit([{ item: 'v', kind: 'view', set: { rank: 'a', ...fields } }]);
  made.refresh();
  return made;
}

describe('a saved view', () => {
  it('shows what was saved', () => {
    const set = viewFields(viewArguments('Meine', 'sitzung', chosen)) as Record<
      string,
      string | true | null
    >;
    const saved = savedViewOf(items(set).get('v') ?? { id: '', kind: '', fields: {} });
    expect(saved?.title).toBe('Meine');
    expect(saved?.board).toBe('sitzung');
    expect(saved?.view).toEqual(chosen);
    expect(sameView(saved?.view ?? firstView, chosen)).toBe(true);
    expect(sameView(firstView, chosen)).toBe(false);
    const otherOrder = { ...chosen, filter: { ...chosen.filter, people: ['nobody', '@anna:x'] } };
    expect(sameView(otherOrder, chosen)).toBe(true);
  });

  it('that another version saved shows what is known of it', () => {
    const saved = savedViewOf(
      items({ title: 'T', layout: 'pie', due: 'never', sort: 'x', columns: 'due,pie' }).get(
        'v',
      ) ?? {
        id: '',
        kind: '',
        fields: {},
      },
    );
    expect(saved?.view).toEqual({ ...firstView, columns: ['due'] });
    expect(saved?.board).toBe('main');
  });

  it('comes and goes with its item', () => {
    const all = items({ title: 'T' });
    const index = new BoardIndex(all);
    expect(index.view.views.map(({ title }) => title)).toEqual(['T']);
    all.commit([{ item: 'v', kind: 'view', set: { title: 'U' } }]);
    index.apply(all.refresh());
    expect(index.view.views.map(({ title }) => title)).toEqual(['U']);
    all.commit([{ item: 'v', kind: 'view', set: { deleted: true } }]);
    index.apply(all.refresh());
    expect(index.view.views).toEqual([]);
  });
});

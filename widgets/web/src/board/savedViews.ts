import type { FieldValue, Item } from '../live/protocol';
import { dueChoices, priorityChoices } from './filter';
import { mainBoard } from './model';
import { readSort, spellSort } from './sort';
import { firstView, layouts, tableColumns, type ViewState } from './viewState';

/** A view that the room has saved. */
export interface SavedView {
  readonly id: string;
  readonly title: string;
  readonly rank: string;
  /** The board that it shows. */
  readonly board: string;
  readonly view: ViewState;
}

function textOf(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function membersOf(item: Item, set: string): string[] {
  const prefix = `${set}/`;
  return Object.entries(item.fields)
    .filter(([name, value]) => value === true && name.startsWith(prefix))
    .map(([name]) => name.slice(prefix.length))
    .sort();
}

/** Reads a saved view from its item; null if it is none or was deleted. */
export function savedViewOf(item: Item): SavedView | null {
  const f = item.fields;
  if (item.kind !== 'view' || f.deleted === true) return null;
  const priorities = membersOf(item, 'priority');
  const columns = textOf(f.columns).split(',');
  return {
    id: item.id,
    title: textOf(f.title),
    rank: textOf(f.rank),
    board: textOf(f.board) || mainBoard,
    view: {
      layout: layouts.find((layout) => layout === f.layout) ?? firstView.layout,
      filter: {
        text: textOf(f.text),
        people: membersOf(item, 'assignee'),
        labels: membersOf(item, 'label'),
        priorities: priorityChoices.filter((priority) => priorities.includes(priority)),
        due: dueChoices.find((due) => due === f.due) ?? '',
      },
      sort: readSort(textOf(f.sort)),
      columns:
        textOf(f.columns) === ''
          ? firstView.columns
          : tableColumns.filter((column) => columns.includes(column)),
    },
  };
}

/** What saving a view sends, beside its id. */
export interface ViewArguments {
  readonly title: string;
  /** Empty for the main board. */
  readonly board: string;
  readonly layout: string;
  readonly text: string;
  readonly assignees: readonly string[];
  readonly labels: readonly string[];
  readonly priorities: readonly string[];
  readonly due: string;
  readonly sort: string;
  readonly columns: readonly string[];
}

/** What a view is called and shows, as the server takes it. */
export function viewArguments(title: string, board: string, view: ViewState): ViewArguments {
  const { filter } = view;
  return {
    title,
    board: board === mainBoard ? '' : board,
    layout: view.layout,
    text: filter.text.replace(/\s+/g, ' ').trim(),
    assignees: filter.people,
    labels: filter.labels,
    priorities: filter.priorities,
    due: filter.due,
    sort: view.sort.by === 'place' && !view.sort.down ? '' : spellSort(view.sort),
    columns: view.columns,
  };
}

/** The fields that saving a view sets, to be shown at once. */
export function viewFields(saved: ViewArguments): Record<string, FieldValue | null> {
  const { title, board, layout, text, due, sort, columns } = saved;
  const set: Record<string, FieldValue | null> = {
    title,
    board: board || null,
    layout,
    text: text || null,
    due: due || null,
    sort: sort || null,
    columns: columns.join(',') || null,
    deleted: null,
  };
  for (const user of saved.assignees) set[`assignee/${user}`] = true;
  for (const label of saved.labels) set[`label/${label}`] = true;
  for (const priority of saved.priorities) set[`priority/${priority}`] = true;
  return set;
}

/** Whether two views show the same in the same way. */
export function sameView(a: ViewState, b: ViewState): boolean {
  const spelled = (view: ViewState): string => {
    const { assignees, labels, priorities, columns, ...rest } = viewArguments('', '', view);
    const sets = [assignees, labels, priorities, columns].map((set) => [...set].sort());
    return JSON.stringify([rest, sets]);
  };
  return spelled(a) === spelled(b);
}

import { everything, type Filter, type Passes } from './filter';
import { boardOrder, type Sort } from './sort';

/** The ways to look at the cards, in the order of the switch. */
export const layouts = ['board', 'table', 'calendar', 'timeline'] as const;

/** A way to look at the cards. */
export type Layout = (typeof layouts)[number];

/** The columns that a table can have beside the title, in their order. */
export const tableColumns = [
  'number',
  'column',
  'assignees',
  'labels',
  'priority',
  'start',
  'due',
  'created',
] as const;

/** A column of the table. */
export type TableColumn = (typeof tableColumns)[number];

/** What somebody looks at, and how. */
export interface ViewState {
  readonly layout: Layout;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly columns: readonly TableColumn[];
}

export const firstView: ViewState = {
  layout: 'board',
  filter: everything,
  sort: boardOrder,
  columns: ['number', 'column', 'assignees', 'labels', 'priority', 'due'],
};

/** What every view beside the board is given. */
export interface ViewProps {
  /** Null if every card is shown. */
  readonly passes: Passes | null;
  readonly shown: ViewState;
  readonly onChange: (change: Partial<ViewState>) => void;
}

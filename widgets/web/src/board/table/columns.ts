import type { Texts } from '../../text/text';
import { tableColumns, type TableColumn } from '../viewState';

/** A column as it stands in the table: the title is always there. */
export type GridColumn = TableColumn | 'title';

const widths: Readonly<Record<GridColumn, string>> = {
  number: '64px',
  title: 'minmax(220px, 1fr)',
  column: '140px',
  assignees: '160px',
  labels: '190px',
  priority: '104px',
  start: '112px',
  due: '128px',
  created: '112px',
};

/** The columns to be shown, from left to right. */
export function gridColumns(chosen: readonly TableColumn[]): GridColumn[] {
  const inOrder = tableColumns.filter((column) => chosen.includes(column));
  return inOrder[0] === 'number' ? ['number', 'title', ...inOrder.slice(1)] : ['title', ...inOrder];
}

/** Their widths, for the style sheet. */
export function templateOf(columns: readonly GridColumn[]): string {
  return columns.map((column) => widths[column]).join(' ');
}

/** What a column is called. */
export function columnName(column: GridColumn, t: Texts): string {
  return {
    number: t.tableNumber,
    title: t.dialogTitle,
    column: t.dialogColumn,
    assignees: t.dialogAssignees,
    labels: t.dialogLabels,
    priority: t.priority,
    start: t.start,
    due: t.tableDue,
    created: t.tableCreated,
  }[column];
}

/** Whether a cell of the column can be edited in its place. */
export function isEditable(column: GridColumn): boolean {
  return column !== 'number' && column !== 'created';
}

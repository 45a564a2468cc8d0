import type { Texts } from '../../text/text';
import { tableColumns, type TableColumn } from '../viewState';

/** A column as it stands in the table: the title is always there. */
export type GridColumn = TableColumn | 'title' | 'select';

const widths: Readonly<Record<GridColumn, string>> = {
  select: '40px',
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
export function gridColumns(chosen: readonly TableColumn[], canEdit: boolean): GridColumn[] {
  const inOrder = tableColumns.filter((column) => chosen.includes(column));
  const numbered = inOrder[0] === 'number';
  return [
    ...(canEdit ? (['select'] as const) : []),
    ...(numbered ? (['number'] as const) : []),
    'title',
    ...inOrder.slice(numbered ? 1 : 0),
  ];
}

/** Their widths, for the style sheet. */
export function templateOf(columns: readonly GridColumn[]): string {
  return columns.map((column) => widths[column]).join(' ');
}

/** What a column is called. */
export function columnName(column: GridColumn, t: Texts): string {
  return {
    select: t.bulkSelect,
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
  return column !== 'select' && column !== 'number' && column !== 'created';
}

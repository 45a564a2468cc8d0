import type { ReactNode } from 'react';
import { useTexts } from '../../text/text';
import { CheckIcon, SortIcon } from '../../ui/icons';
import type { Sort } from '../sort';
import { columnName, templateOf, type GridColumn } from './columns';
import styles from './TableView.module.css';

/** The heads of the columns; pressing one sorts by it. */
export function TableHead(props: {
  columns: readonly GridColumn[];
  sort: Sort;
  /** Which of them can be reached with Tab. */
  active: GridColumn | null;
  onFocus: (column: GridColumn) => void;
  onSort: (column: GridColumn) => void;
}): ReactNode {
  const t = useTexts();
  const { columns, sort } = props;
  return (
    <div role="rowgroup" className={styles.head}>
      <div
        role="row"
        aria-rowindex={1}
        className={styles.headRow}
        style={{ gridTemplateColumns: templateOf(columns) }}
      >
        {columns.map((column, position) => {
          const select = column === 'select';
          const sorted = sort.by === column;
          const way = sort.down ? 'descending' : 'ascending';
          return (
            <div
              key={column}
              role="columnheader"
              aria-colindex={position + 1}
              aria-sort={select ? undefined : sorted ? way : 'none'}
              className={styles.headCell}
            >
              <button
                type="button"
                tabIndex={column === props.active ? 0 : -1}
                aria-label={select ? t.bulkSelectAll : undefined}
                className={styles.sort}
                data-active={column === props.active ? '' : undefined}
                data-way={sorted ? way : undefined}
                onFocus={() => {
                  props.onFocus(column);
                }}
                onClick={() => {
                  props.onSort(column);
                }}
              >
                {select ? <CheckIcon /> : columnName(column, t)}
                {sorted && <SortIcon />}
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

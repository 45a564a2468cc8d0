import { memo, useRef, type ReactNode } from 'react';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { MoreIcon } from '../../ui/icons';
import { useBoard } from '../BoardContext';
import type { Card } from '../model';
import { useSelected } from '../selection';
import { isEditable, type GridColumn } from './columns';
import { TableCell } from './TableCell';
import { TableEditor } from './TableEditor';
import styles from './TableView.module.css';

interface TableRowProps {
  readonly card: Card;
  readonly row: number;
  readonly top: number;
  readonly columns: readonly GridColumn[];
  readonly template: string;
  /** Which of its cells can be reached with Tab. */
  readonly active: GridColumn | null;
  readonly editing: GridColumn | null;
  readonly onDone: (card: string, column: GridColumn, back: boolean) => void;
}

/** A card's row. */
export const TableRow = memo(function TableRow(props: TableRowProps): ReactNode {
  const { card, columns } = props;
  const t = useTexts();
  const { canEdit, openCardMenu, selection } = useBoard();
  const selected = useSelected(selection, card.id);
  const row = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={row}
      role="row"
      aria-rowindex={props.row + 2}
      aria-selected={canEdit ? selected : undefined}
      className={styles.row}
      data-card-id={card.id}
      style={{ top: props.top, gridTemplateColumns: props.template }}
    >
      {columns.map((column, position) => {
        const active = column === props.active;
        const editing = column === props.editing;
        const cell = row.current?.children[position];
        return (
          <div
            key={column}
            role="gridcell"
            aria-colindex={position + 1}
            aria-readonly={!canEdit || !isEditable(column) ? true : undefined}
            tabIndex={active && !editing ? 0 : -1}
            className={styles.cell}
            data-column={column}
            data-active={active ? '' : undefined}
            data-card-face={column === 'title' ? '' : undefined}
          >
            {editing && cell instanceof HTMLElement && (
              <TableEditor
                card={card}
                column={column}
                cell={cell}
                onDone={(back) => {
                  props.onDone(card.id, column, back);
                }}
              />
            )}
            {editing && isInPlace(column) ? null : <TableCell card={card} column={column} />}
            {column === 'title' && canEdit && !editing && (
              <button
                type="button"
                tabIndex={-1}
                className={`${controls.icon ?? ''} ${styles.menu ?? ''}`}
                aria-label={t.cardActions(card.title || t.cardUntitled)}
                aria-haspopup="menu"
                onClick={(event) => {
                  openCardMenu(card, event.currentTarget);
                }}
              >
                <MoreIcon />
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
});

/** Sets open beside their cell and leave it as it is. */
function isInPlace(column: GridColumn): boolean {
  return column !== 'assignees' && column !== 'labels';
}

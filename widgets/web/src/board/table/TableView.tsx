import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { I18nProvider } from 'react-aria-components';
import { localeOf, useTexts } from '../../text/text';
import { nameOf, useBoard, useBoardView } from '../BoardContext';
import { onReveal } from '../focus';
import type { Card } from '../model';
import { sortCards, type Sort } from '../sort';
import type { ViewProps } from '../viewState';
import { gridColumns, isEditable, templateOf, type GridColumn } from './columns';
import { headRow, nextCell, type CellPlace } from './gridKeys';
import { TableBar } from './TableBar';
import { TableHead } from './TableHead';
import { TableRow } from './TableRow';
import styles from './TableView.module.css';

const rowHeight = 38;

/** The cards as a table; a grid in which one cell has the focus. */
export default function TableView(props: ViewProps): ReactNode {
  const { lang } = useBoard();
  return (
    <I18nProvider locale={localeOf(lang)}>
      <Table {...props} />
    </I18nProvider>
  );
}

/** Where the focus is, or goes to when the grid gets it: a card's cell or, with null, a head. */
interface Active {
  readonly card: string | null;
  readonly column: GridColumn;
}

function Table({ passes, shown, onChange }: ViewProps): ReactNode {
  const t = useTexts();
  const { index, canEdit, members, lang, openCard, openCardMenu, selection } = useBoard();
  const view = useBoardView(index);
  const { sort } = shown;
  const columns = useMemo(() => gridColumns(shown.columns, canEdit), [shown.columns, canEdit]);
  const rows = useMemo(() => {
    const all = view.columns.flatMap((column) => column.cards);
    return sortCards(passes ? all.filter(passes) : all, sort, {
      columns: view.columns,
      nameOf: (user) => nameOf(user, members, t),
      locale: localeOf(lang),
    });
  }, [view, passes, sort, members, t, lang]);

  const [active, setActive] = useState<Active>({ card: null, column: 'title' });
  const [editing, setEditing] = useState<Active | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const focusWanted = useRef(false);
  const lastRow = useRef(0);
  const at = useMemo(
    () => (active.card === null ? headRow : rows.findIndex(({ id }) => id === active.card)),
    [rows, active.card],
  );
  useEffect(() => {
    if (at >= 0) lastRow.current = at;
  }, [at]);

  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (row) => rows[row]?.id ?? row,
    // The cell with the focus stays in the page, however far it is scrolled away.
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range);
      if (at < 0 || inSight.includes(at)) return inSight;
      return [...inSight, at].sort((a, b) => a - b);
    },
  });

  const goTo = useCallback((to: Active): void => {
    focusWanted.current = true;
    setActive(to);
  }, []);
  const goToPlace = useCallback(
    ({ row, column }: CellPlace): void => {
      const key = columns[column];
      if (key) goTo({ card: rows[row]?.id ?? null, column: key });
    },
    [columns, rows, goTo],
  );
  useEffect(() => {
    if (!focusWanted.current) return;
    const cell = grid.current?.querySelector<HTMLElement>('[data-active]');
    if (!cell) return;
    focusWanted.current = false;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  useEffect(() => {
    // The card with the focus has gone: the one that stands in its place now gets it.
    if (at !== -1 || active.card === null) return;
    const lost = document.activeElement === null || document.activeElement === document.body;
    const next = rows[Math.min(lastRow.current, rows.length - 1)]?.id ?? null;
    focusWanted.current = lost;
    setActive({ card: next, column: active.column });
  }, [at, active, rows]);
  useEffect(
    () =>
      onReveal((card) => {
        const there = rows.some(({ id }) => id === card);
        if (there) goTo({ card, column: 'title' });
        return there;
      }),
    [rows, goTo],
  );

  const finishEditing = useCallback(
    (card: string, column: GridColumn, back: boolean): void => {
      setEditing(null);
      if (back) goTo({ card, column });
    },
    [goTo],
  );

  const toggleAll = (): void => {
    if (selection.ids.size > 0) selection.clear();
    else selection.all(rows.map(({ id }) => id));
  };
  const sortBy = (column: GridColumn): void => {
    if (column === 'select') toggleAll();
    else onChange({ sort: nextSort(sort, column) });
  };
  const act = (card: Card, column: GridColumn, edit: boolean): void => {
    if (column === 'select') selection.toggle(card.id);
    else if (canEdit && isEditable(column) && (edit || column !== 'title')) {
      setEditing({ card: card.id, column });
    } else {
      openCard(card.id);
    }
  };

  const pressed = (event: MouseEvent<HTMLDivElement>): void => {
    const found = cellAt(event.target, rows);
    if (!found || (event.target as Element).closest('input, select, button')) return;
    setActive({ card: found.card.id, column: found.column });
    act(found.card, found.column, false);
  };
  const keyed = (event: KeyboardEvent<HTMLDivElement>): void => {
    const target = event.target as HTMLElement;
    if (target.closest('input, select, textarea') || editing) return;
    const column = columns.indexOf(active.column);
    const card = rows[at];
    if (event.key === 'Enter' || event.key === 'F2') {
      if (target.closest('button') && target.closest('[role=gridcell]')) return;
      event.preventDefault();
      if (card) act(card, active.column, event.key === 'F2');
      else if (at === headRow) sortBy(active.column);
    } else if (event.key === ' ' && card && canEdit && !target.closest('button')) {
      event.preventDefault();
      selection.toggle(card.id);
    } else if (card && canEdit && isMenuKey(event)) {
      event.preventDefault();
      openCardMenu(card, target);
    } else {
      const inSight = Math.floor((grid.current?.clientHeight ?? 0) / rowHeight) - 2;
      const to = nextCell(event, { row: at, column }, rows.length, columns.length, inSight);
      if (!to) return;
      event.preventDefault();
      goToPlace(to);
    }
  };

  return (
    <main className={styles.view}>
      <TableBar cards={rows.length} columns={shown.columns} onChange={onChange} />
      <div
        ref={grid}
        role="grid"
        tabIndex={-1}
        aria-label={t.viewTable}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        aria-multiselectable={canEdit || undefined}
        className={styles.grid}
        onClick={pressed}
        onKeyDown={keyed}
      >
        <TableHead
          columns={columns}
          sort={sort}
          active={at === headRow || at === -1 ? active.column : null}
          onFocus={(column) => {
            setActive({ card: null, column });
          }}
          onSort={sortBy}
        />
        <div
          role="rowgroup"
          className={styles.rows}
          style={{ height: virtualizer.getTotalSize() }}
          onFocus={(event) => {
            const found = cellAt(event.target, rows);
            if (found) setActive({ card: found.card.id, column: found.column });
          }}
        >
          {virtualizer.getVirtualItems().map((slot) => {
            const card = rows[slot.index];
            return (
              card && (
                <TableRow
                  key={slot.key}
                  card={card}
                  row={slot.index}
                  top={slot.start}
                  columns={columns}
                  template={templateOf(columns)}
                  active={slot.index === at ? active.column : null}
                  editing={editing?.card === card.id ? editing.column : null}
                  onDone={finishEditing}
                />
              )
            );
          })}
        </div>
        {rows.length === 0 && (
          <p className={styles.none}>{passes ? t.filterNone : t.columnEmpty}</p>
        )}
      </div>
    </main>
  );
}

/** Pressed once a head sorts upwards, twice downwards, and then as on the board again. */
function nextSort(sort: Sort, column: Exclude<GridColumn, 'select'>): Sort {
  if (sort.by !== column) return { by: column, down: false };
  return sort.down ? { by: 'place', down: false } : { by: column, down: true };
}

function isMenuKey(event: KeyboardEvent): boolean {
  return event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10');
}

function cellAt(
  target: EventTarget,
  rows: readonly Card[],
): { card: Card; column: GridColumn } | null {
  if (!(target instanceof HTMLElement)) return null;
  const cell = target.closest<HTMLElement>('[data-column]');
  const id = cell?.closest<HTMLElement>('[data-card-id]')?.dataset.cardId;
  const card = rows.find((candidate) => candidate.id === id);
  return card && cell ? { card, column: cell.dataset.column as GridColumn } : null;
}

import { Draggable, type DraggableProvidedDragHandleProps } from '@hello-pangea/dnd';
import { memo, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { AlertIcon, CheckIcon, MoreIcon } from '../ui/icons';
import { useBoard } from './BoardContext';
import { CardList } from './CardList';
import styles from './ColumnView.module.css';
import { columnDrag } from './dragIDs';
import { focusColumn } from './focus';
import type { Passes } from './filter';
import { titleLimit } from './limits';
import { isOverfull, type Column } from './model';
import { QuickAdd } from './QuickAdd';

interface ColumnViewProps {
  readonly column: Column;
  readonly index: number;
  /** Null if every card is shown. */
  readonly passes: Passes | null;
  /** The person is renaming this column. */
  readonly renaming: boolean;
  readonly onRename: (column: string | null) => void;
}

/** A column with its cards. */
export const ColumnView = memo(function ColumnView(props: ColumnViewProps): ReactNode {
  const { column, passes } = props;
  const { canEdit } = useBoard();
  const cards = useMemo(
    () => (passes ? column.cards.filter(passes) : column.cards),
    [column.cards, passes],
  );
  const body = useRef<HTMLElement | null>(null);
  const scrollToEnd = (): void => {
    requestAnimationFrame(() => {
      const list = body.current?.querySelector('[data-rfd-droppable-id]');
      list?.scrollTo({ top: list.scrollHeight });
    });
  };

  return (
    <Draggable
      draggableId={columnDrag(column.id)}
      index={props.index}
      // While it is renamed there is no title to drag it by.
      isDragDisabled={!canEdit || props.renaming}
    >
      {(provided, snapshot) => (
        <section
          ref={(element) => {
            provided.innerRef(element);
            body.current = element;
          }}
          {...provided.draggableProps}
          className={styles.column}
          data-column-id={column.id}
          data-lifted={snapshot.isDragging ? '' : undefined}
          aria-label={column.title}
        >
          <ColumnHeader {...props} shown={cards.length} handle={provided.dragHandleProps} />
          <CardList
            column={column.id}
            title={column.title}
            cards={cards}
            done={column.done}
            filtered={passes !== null && column.cards.length > 0}
          />
          {canEdit && <QuickAdd column={column} onAdded={scrollToEnd} />}
        </section>
      )}
    </Draggable>
  );
});

/** A column's title, how full it is, and its menu; without a handle it is not dragged. */
export function ColumnHeader(
  props: Omit<ColumnViewProps, 'index' | 'passes'> & {
    shown: number;
    handle: DraggableProvidedDragHandleProps | null;
  },
): ReactNode {
  const { column, shown } = props;
  const t = useTexts();
  const { canEdit, openColumnMenu } = useBoard();
  return (
    <header className={styles.header}>
      {props.renaming ? (
        <RenameField {...props} />
      ) : (
        <h2 className={styles.heading}>
          {canEdit ? (
            <span
              role="button"
              tabIndex={0}
              {...(props.handle ?? {})}
              className={styles.handle}
              dir="auto"
              onDoubleClick={() => {
                props.onRename(column.id);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') props.onRename(column.id);
              }}
            >
              {column.title}
            </span>
          ) : (
            <span dir="auto">{column.title}</span>
          )}
        </h2>
      )}
      {column.done && (
        <span className={styles.done} title={t.columnDone}>
          <CheckIcon />
          <span className="visually-hidden">{t.columnDone}</span>
        </span>
      )}
      <Count column={column} shown={shown} />
      {canEdit && (
        <button
          type="button"
          className={controls.icon}
          aria-label={t.columnActions(column.title)}
          aria-haspopup="menu"
          onClick={(event) => {
            openColumnMenu(column, event.currentTarget);
          }}
        >
          <MoreIcon />
        </button>
      )}
    </header>
  );
}

function Count({ column, shown }: { column: Column; shown: number }): ReactNode {
  const t = useTexts();
  const all = column.cards.length;
  const overfull = isOverfull(column);
  const most = column.limit > 0 ? `/${String(column.limit)}` : '';
  const count = (shown === all ? String(all) : t.filterCount(shown, all)) + most;
  const said = shown === all ? t.columnCount(all) : t.filterCount(shown, all);
  return (
    <span
      className={styles.count}
      data-overfull={overfull ? '' : undefined}
      title={overfull ? t.columnOverfull(column.limit) : undefined}
    >
      {overfull && <AlertIcon />}
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">
        {said}
        {column.limit > 0 && `, ${t.columnAtMost(column.limit)}`}
        {overfull && `, ${t.columnTooFull}`}
      </span>
      {overfull && <span aria-hidden="true">{t.columnTooFull}</span>}
    </span>
  );
}

function RenameField({
  column,
  onRename,
}: Pick<ColumnViewProps, 'column' | 'onRename'>): ReactNode {
  const t = useTexts();
  const { acts, did } = useBoard();
  const [title, setTitle] = useState(column.title);
  const field = useRef<HTMLInputElement>(null);
  const finished = useRef(false);

  useEffect(() => {
    // After the menu that led here has given the focus back.
    const frame = requestAnimationFrame(() => field.current?.select());
    return () => {
      cancelAnimationFrame(frame);
    };
  }, []);

  const finish = (keep: boolean): void => {
    if (finished.current) return;
    finished.current = true;
    const text = title.trim();
    if (keep && text && text !== column.title) {
      did(t.didEditColumn(text), acts.editColumn(column.id, { title: text }));
    }
    onRename(null);
  };

  return (
    <input
      ref={field}
      className={`${controls.field ?? ''} ${styles.rename ?? ''}`}
      aria-label={t.columnTitle}
      value={title}
      maxLength={titleLimit}
      dir="auto"
      onChange={(event) => {
        setTitle(event.target.value);
      }}
      onBlur={() => {
        finish(true);
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        finish(event.key === 'Enter');
        focusColumn(column.id);
      }}
    />
  );
}

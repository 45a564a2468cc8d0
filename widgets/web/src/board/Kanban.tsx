import { Droppable } from '@hello-pangea/dnd';
import type { ReactNode } from 'react';
import { useTexts } from '../text/text';
import { AddColumn } from './AddColumn';
import { useBoard, useBoardView } from './BoardContext';
import styles from './BoardSurface.module.css';
import { ColumnView } from './ColumnView';
import { drop } from './drag';
import { DragArea } from './DragArea';
import { columnsDrop } from './dragIDs';
import type { Passes } from './filter';

/** The cards in columns, to be dragged. */
export function Kanban(props: {
  /** Null if every card is shown. */
  passes: Passes | null;
  /** The column that is being renamed. */
  renaming: string | null;
  onRename: (column: string | null) => void;
}): ReactNode {
  const { passes, renaming, onRename } = props;
  const t = useTexts();
  const { index, acts, canEdit, did } = useBoard();
  const view = useBoardView(index);
  const empty = view.columns.length === 0;
  const dragged = { view, passes, t };
  return (
    <DragArea
      dragged={dragged}
      onDrop={(result, provided) => {
        const done = drop(result, provided, dragged, acts);
        if (done) did(done.text, done.act);
      }}
    >
      <main className={styles.board} data-empty={empty ? '' : undefined}>
        {empty && (
          <div className={styles.empty}>
            <h2>{t.boardEmpty}</h2>
            <p>{canEdit ? t.boardEmptyHint : t.boardEmptyReadOnly}</p>
          </div>
        )}
        <Droppable droppableId={columnsDrop} type="column" direction="horizontal">
          {(provided) => (
            <div ref={provided.innerRef} {...provided.droppableProps} className={styles.columns}>
              {view.columns.map((column, position) => (
                <ColumnView
                  key={column.id}
                  column={column}
                  index={position}
                  passes={passes}
                  renaming={renaming === column.id}
                  onRename={onRename}
                />
              ))}
              {provided.placeholder}
            </div>
          )}
        </Droppable>
        {/* The same one before and after the first column, which is added in it. */}
        {canEdit && <AddColumn />}
      </main>
    </DragArea>
  );
}

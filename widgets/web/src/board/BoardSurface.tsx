import { DragDropContext, Droppable } from '@hello-pangea/dnd';
import { useCallback, useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { styleNonce } from '../host/page';
import { useHub, usePartMissing, useRoom } from '../hub/hub';
import { TopBar } from '../hub/TopBar';
import { useLang, useTexts } from '../text/text';
import { later } from '../ui/later';
import { BoardActs } from './acts';
import { AddColumn } from './AddColumn';
import { BoardContext, useBoardView, type Board } from './BoardContext';
import { BoardIndex } from './boardIndex';
import { BoardSkeleton } from './BoardSkeleton';
import styles from './BoardSurface.module.css';
import { ColumnView } from './ColumnView';
import { announceStart, announceUpdate, drop, makeRoom } from './drag';
import { columnsDrop } from './dragIDs';
import { everything, type Filter } from './filter';
import { FilterBar } from './FilterBar';
import type { OverlayRequest } from './Overlays';
import { useToday } from './useToday';

// Menus and dialogs come after the board is there; they are the larger half of the page.
const overlays = later(() => import('./Overlays'));

/** The Kanban board of the room. */
export function BoardSurface(): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const today = useToday();
  const { client, toasts } = useHub();
  const partMissing = usePartMissing();
  const [index] = useState(() => new BoardIndex(client.items));
  const [acts] = useState(() => new BoardActs(client, () => index.view));
  const view = useBoardView(index);
  const members = useRoom((state) => state.members);
  const me = useRoom((state) => state.me?.user_id ?? '');
  const room = useRoom((state) => state.room?.id ?? '');
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const loaded = useRoom((state) => state.loaded);
  const [filter, setFilter] = useState<Filter>(everything);
  const shownFilter = useDeferredValue(filter);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [overlay, setOverlay] = useState<OverlayRequest | null>(null);

  useEffect(
    () =>
      client.onItems((changed) => {
        index.apply(changed);
      }),
    [client, index],
  );
  useEffect(() => {
    if (loaded !== 'nothing') void overlays.preload();
  }, [loaded]);

  const undo = useCallback(() => {
    acts.undo();
    toasts.done(t.didUndo, null);
  }, [acts, toasts, t]);

  const board = useMemo<Board>(
    () => ({
      index,
      acts,
      canEdit,
      members,
      me,
      room,
      lang,
      today,
      did: (text, act) => {
        toasts.done(text, () => {
          acts.undo(act);
          toasts.done(t.didUndo, null);
        });
      },
      openCard: (card) => {
        setOverlay({ kind: 'card', card });
      },
      openCardMenu: (card, anchor) => {
        setOverlay({ kind: 'cardMenu', card: card.id, anchor });
      },
      openColumnMenu: (column, anchor) => {
        setOverlay({ kind: 'columnMenu', column: column.id, anchor });
      },
    }),
    [index, acts, canEdit, members, me, room, lang, today, toasts, t],
  );

  const closeOverlay = (closed: OverlayRequest): void => {
    setOverlay((now) => (now === closed ? null : now));
  };
  const empty = view.columns.length === 0;
  const dragged = { view, filter: shownFilter, members, t };
  return (
    <BoardContext value={board}>
      <TopBar
        surface="board"
        undo={undo}
        tools={!empty && <FilterBar filter={filter} onChange={setFilter} />}
      />
      {loaded === 'nothing' ? (
        <BoardSkeleton label={t.loading} />
      ) : (
        <DragDropContext
          nonce={styleNonce()}
          dragHandleUsageInstructions={t.dragHelp}
          onBeforeCapture={({ draggableId }) => {
            index.hold();
            makeRoom(draggableId);
          }}
          onDragStart={(start, provided) => {
            announceStart(start, provided, dragged);
          }}
          onDragUpdate={(update, provided) => {
            announceUpdate(update, provided, dragged);
          }}
          onDragEnd={(result, provided) => {
            delete document.documentElement.dataset.dragging;
            const done = drop(result, provided, dragged, acts);
            index.release();
            if (done) board.did(done.text, done.act);
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
                <div
                  ref={provided.innerRef}
                  {...provided.droppableProps}
                  className={styles.columns}
                >
                  {view.columns.map((column, position) => (
                    <ColumnView
                      key={column.id}
                      column={column}
                      index={position}
                      filter={shownFilter}
                      renaming={renaming === column.id}
                      onRename={setRenaming}
                    />
                  ))}
                  {provided.placeholder}
                </div>
              )}
            </Droppable>
            {/* The same one before and after the first column, which is added in it. */}
            {canEdit && <AddColumn />}
          </main>
        </DragDropContext>
      )}
      {overlay && (
        <overlays.Part
          request={overlay}
          onRequest={setOverlay}
          onClose={closeOverlay}
          onRename={setRenaming}
          waiting={
            <p role="status" className={styles.waiting}>
              {t.waiting}
            </p>
          }
          onMissing={() => {
            setOverlay(null);
            partMissing();
          }}
        />
      )}
    </BoardContext>
  );
}

import { useCallback, useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useHub, usePartMissing, useRoom } from '../hub/hub';
import { TopBar } from '../hub/TopBar';
import { localeOf, useLang, useTexts } from '../text/text';
import { later } from '../ui/later';
import { BoardActs } from './acts';
import { ArchiveButton } from './ArchiveButton';
import { BoardContext, useBoardView, type Board } from './BoardContext';
import { BoardIndex } from './boardIndex';
import { BoardSkeleton } from './BoardSkeleton';
import styles from './BoardSurface.module.css';
import { filters, passing } from './filter';
import { FilterBar } from './FilterBar';
import { Kanban } from './Kanban';
import type { OverlayRequest } from './Overlays';
import { SearchTexts } from './search';
import { useToday } from './useToday';
import { firstView, type ViewState } from './viewState';
import { ViewsButton } from './ViewsButton';
import { ViewSwitch } from './ViewSwitch';

// Menus and dialogs come after the board is there; they are the larger half of the page.
const overlays = later(() => import('./Overlays'));
// So do the other views of the cards, each when it is looked at.
const table = later(() => import('./table/TableView'));
const calendar = later(() => import('./calendar/CalendarView'));
const timeline = later(() => import('./timeline/TimelineView'));

/** The cards of the room, in one of their views. */
export function BoardSurface(): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const today = useToday();
  const { client, toasts, lastViews } = useHub();
  const partMissing = usePartMissing();
  const [index] = useState(() => new BoardIndex(client.items));
  const [acts] = useState(() => new BoardActs(client, () => index.view));
  const [texts] = useState(() => new SearchTexts(localeOf(lang)));
  const view = useBoardView(index);
  const members = useRoom((state) => state.members);
  const me = useRoom((state) => state.me?.user_id ?? '');
  const room = useRoom((state) => state.room?.id ?? '');
  const canEdit = useRoom((state) => state.me?.can.edit ?? false);
  const loaded = useRoom((state) => state.loaded);
  const [shown, setShown] = useState<ViewState>(
    () => lastViews.get(client.state.room?.id ?? '') ?? firstView,
  );
  const filter = useDeferredValue(shown.filter);
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

  useEffect(() => {
    if (room !== '') lastViews.set(room, shown);
  }, [lastViews, room, shown]);

  const passes = useMemo(() => {
    if (!filters(filter)) return null;
    const isDone = ({ column }: { column: string }): boolean => index.column(column)?.done ?? false;
    return passing(filter, { members, today, texts, isDone });
  }, [filter, members, today, texts, index]);

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
      colors: view.colors,
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
      openArchive: () => {
        setOverlay({ kind: 'archive' });
      },
      openCardMenu: (card, anchor) => {
        setOverlay({ kind: 'cardMenu', card: card.id, anchor });
      },
      openColumnMenu: (column, anchor) => {
        setOverlay({ kind: 'columnMenu', column: column.id, anchor });
      },
    }),
    [index, acts, canEdit, members, view.colors, me, room, lang, today, toasts, t],
  );

  const closeOverlay = (closed: OverlayRequest): void => {
    setOverlay((now) => (now === closed ? null : now));
  };
  const change = useCallback((part: Partial<ViewState>): void => {
    setShown((now) => ({ ...now, ...part }));
  }, []);
  const kanban = <Kanban passes={passes} renaming={renaming} onRename={setRenaming} />;
  const waiting = <BoardSkeleton label={t.waiting} />;
  const views = { passes, shown, onChange: change, waiting };
  // What cannot be fetched is not shown; the board always can.
  const onMissing = (): void => {
    change({ layout: 'board' });
    partMissing();
  };

  return (
    <BoardContext value={board}>
      <TopBar
        surface="board"
        undo={undo}
        tools={
          <>
            {view.columns.length > 0 && (
              <>
                <ViewSwitch
                  layout={shown.layout}
                  onChange={(layout) => {
                    change({ layout });
                  }}
                />
                <ViewsButton shown={shown} onShow={change} />
                <FilterBar
                  filter={shown.filter}
                  passes={passes}
                  onChange={(changed) => {
                    change({ filter: changed });
                  }}
                />
              </>
            )}
            <ArchiveButton />
          </>
        }
      />
      {loaded === 'nothing' ? (
        <BoardSkeleton label={t.loading} />
      ) : view.columns.length === 0 ? (
        kanban
      ) : (
        {
          board: kanban,
          table: <table.Part {...views} onMissing={onMissing} />,
          calendar: <calendar.Part {...views} onMissing={onMissing} />,
          timeline: <timeline.Part {...views} onMissing={onMissing} />,
        }[shown.layout]
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

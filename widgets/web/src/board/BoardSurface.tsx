import { useCallback, useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useHub, usePartMissing, useRoom } from '../hub/hub';
import { TopBar } from '../hub/TopBar';
import { localeOf, useLang, useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { KeyboardIcon } from '../ui/icons';
import { later } from '../ui/later';
import { BoardActs } from './acts';
import { ArchiveButton } from './ArchiveButton';
import { BoardContext, nameOf, useBoardView, type Board } from './BoardContext';
import { BoardIndex } from './boardIndex';
import { WholeBoardActs } from './boardActs';
import { BoardSkeleton } from './BoardSkeleton';
import type { BulkTool } from './BulkBar';
import styles from './BoardSurface.module.css';
import { boardPanel, tabOf } from './boards/names';
import { filters, passing } from './filter';
import { FilterBar } from './FilterBar';
import { Kanban } from './Kanban';
import type { OverlayRequest } from './Overlays';
import { SearchTexts } from './search';
import { Selection, useSelection } from './selection';
import { sortCards } from './sort';
import { useSelectionClicks } from './useSelectionClicks';
import { useShortcuts } from './useShortcuts';
import { TransferButton } from '../transfer/TransferButton';
import { useToday } from './useToday';
import { firstView, type ViewState } from './viewState';
import { ViewsButton } from './ViewsButton';
import { ViewSwitch } from './ViewSwitch';

// Menus and dialogs come after the board is there; they are the larger half of the page.
const overlays = later(() => import('./Overlays'));
// So do the other views of the cards, each when it is looked at.
const table = later(() => import('./table/TableView'));
const calendar = later(() => import('./calendar/CalendarView'));
const bulkBar = later(() => import('./BulkBar'));
const shortcutsDialog = later(() => import('./ShortcutsDialog'));
const timeline = later(() => import('./timeline/TimelineView'));
const lanes = later(() => import('./lanes/LanesView'));
const wholeBoards = later(() => import('./BoardTabs'));

/** The cards of the room, in one of their views. */
export function BoardSurface(): ReactNode {
  const t = useTexts();
  const lang = useLang();
  const today = useToday();
  const { client, toasts, lastViews } = useHub();
  const partMissing = usePartMissing();
  const [index] = useState(() => new BoardIndex(client.items));
  const [acts] = useState(() => new BoardActs(client, () => index.view));
  const [wholes] = useState(() => new WholeBoardActs(client, () => index.view));
  const [texts] = useState(() => new SearchTexts(localeOf(lang)));
  const [selection] = useState(() => new Selection());
  const chosen = useSelection(selection);
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
  const [tool, setTool] = useState<BulkTool | null>(null);
  const [help, setHelp] = useState(false);
  const [letters, setLetters] = useState(true);
  const [overlay, setOverlay] = useState<OverlayRequest | null>(null);

  useEffect(() => {
    const end = client.onItems((changed) => {
      index.apply(changed);
    });
    index.catchUp(); // with what came since it was drawn first
    return end;
  }, [client, index]);
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

  const shared = useMemo<Board>(
    () => ({
      index,
      acts,
      wholes,
      canEdit,
      members,
      colors: view.colors,
      me,
      room,
      lang,
      today,
      selection,
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
    [
      index,
      acts,
      wholes,
      canEdit,
      members,
      view.colors,
      me,
      room,
      lang,
      today,
      selection,
      toasts,
      t,
    ],
  );

  const closeOverlay = (closed: OverlayRequest): void => {
    setOverlay((now) => (now === closed ? null : now));
  };
  const change = useCallback((part: Partial<ViewState>): void => {
    setShown((now) => ({ ...now, ...part }));
  }, []);
  const order = (): readonly string[] => {
    const all = index.view.columns.flatMap((column) => column.cards);
    const seen = passes ? all.filter(passes) : all;
    const around = {
      columns: index.view.columns,
      nameOf: (user: string) => nameOf(user, members, t),
      locale: localeOf(lang),
    };
    const sorted = shown.layout === 'table' ? sortCards(seen, shown.sort, around) : seen;
    return sorted.map(({ id }) => id);
  };
  useSelectionClicks(selection, canEdit, order);
  useShortcuts({
    board: shared,
    letters,
    shown,
    passes,
    onChange: change,
    onHelp: () => {
      setHelp(true);
    },
    onTool: setTool,
    onUndo: undo,
  });
  const waiting = <BoardSkeleton label={t.waiting} />;
  const views = { passes, shown, onChange: change, waiting };
  // What cannot be fetched is not shown; the board always can.
  const onMissing = (): void => {
    change({ layout: 'board' });
    partMissing();
  };
  const columns = { passes, renaming, onRename: setRenaming };
  const kanban = <Kanban {...columns} />;
  const board =
    view.board.lanes && view.columns.length > 0 ? (
      <lanes.Part
        key={view.board.id}
        {...columns}
        lanes={view.board.lanes}
        waiting={waiting}
        onMissing={partMissing}
      />
    ) : (
      kanban
    );
  const tabs = view.boards.length > 1;
  const whole = { onRequest: setOverlay, onMissing: partMissing };

  return (
    <BoardContext value={shared}>
      <TopBar
        surface="board"
        undo={undo}
        tools={
          <>
            {view.columns.length > 0 && (
              <>
                {!tabs && <wholeBoards.Part place="tools" {...whole} />}
                <ViewSwitch
                  layout={shown.layout}
                  onChange={(layout) => {
                    change({ layout });
                  }}
                />
                <button
                  type="button"
                  className={`${controls.icon ?? ''} ${styles.keys ?? ''}`}
                  aria-label={t.keys}
                  title={t.keys}
                  aria-haspopup="dialog"
                  onClick={() => {
                    setHelp(true);
                  }}
                >
                  <KeyboardIcon />
                </button>
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
            <TransferButton />
          </>
        }
      />
      {tabs && <wholeBoards.Part place="row" {...whole} />}
      <div
        className={styles.panel}
        id={boardPanel}
        role={tabs ? 'tabpanel' : undefined}
        aria-labelledby={tabs ? tabOf(view.board.id) : undefined}
      >
        {loaded === 'nothing' ? (
          <BoardSkeleton label={t.loading} />
        ) : view.boards.length === 0 ? (
          <wholeBoards.Part place="none" {...whole} waiting={waiting} />
        ) : view.columns.length === 0 ? (
          kanban
        ) : (
          {
            board,
            table: <table.Part {...views} onMissing={onMissing} />,
            calendar: <calendar.Part {...views} onMissing={onMissing} />,
            timeline: <timeline.Part {...views} onMissing={onMissing} />,
          }[shown.layout]
        )}
      </div>
      {chosen.size > 0 && canEdit && (
        <bulkBar.Part
          chosen={chosen}
          order={order}
          tool={tool}
          onTool={setTool}
          onMissing={() => {
            selection.clear();
            partMissing();
          }}
        />
      )}
      {help && (
        <shortcutsDialog.Part
          letters={letters}
          onLetters={setLetters}
          onClose={() => {
            setHelp(false);
          }}
          onMissing={() => {
            setHelp(false);
            partMissing();
          }}
        />
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

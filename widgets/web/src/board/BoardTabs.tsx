import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { MoreIcon, PlusIcon } from '../ui/icons';
import { useBoard, useBoardView } from './BoardContext';
import { boardPanel, tabOf, titleOf } from './boards/names';
import { NoBoards } from './boards/NoBoards';
import type { BoardRequest } from './boards/requests';
import styles from './BoardTabs.module.css';
import type { BoardItem } from './model';

type Request = (request: BoardRequest) => void;

/** Where on the page it is about whole boards; comes after the cards are there. */
export default function BoardTools(props: {
  place: 'tools' | 'row' | 'none';
  onRequest: Request;
}): ReactNode {
  const Place = { tools: BoardMenuButton, row: BoardTabs, none: NoBoards }[props.place];
  return <Place onRequest={props.onRequest} />;
}

/** The boards of the room, to choose one; nothing as long as there is one only. */
function BoardTabs({ onRequest }: { onRequest: Request }): ReactNode {
  const t = useTexts();
  const { index, canEdit } = useBoard();
  const { boards, board } = useBoardView(index);
  const [row, width] = useWidth();
  if (boards.length < 2) return null;
  const fits = boards.reduce((sum, one) => sum + widthOf(titleOf(one, t.board)), 90) <= width;
  return (
    <div ref={row} className={styles.row}>
      {fits ? (
        <Tabs boards={boards} board={board.id} />
      ) : (
        <Choice boards={boards} board={board.id} />
      )}
      {canEdit && (
        <button
          type="button"
          className={controls.icon}
          aria-label={t.boardAdd}
          title={t.boardAdd}
          onClick={() => {
            onRequest({ kind: 'addBoard' });
          }}
        >
          <PlusIcon />
        </button>
      )}
      <BoardMenuButton onRequest={onRequest} />
    </div>
  );
}

/** Opens the menu of the board that is shown. */
function BoardMenuButton({ onRequest }: { onRequest: Request }): ReactNode {
  const t = useTexts();
  const { index, canEdit } = useBoard();
  const { board } = useBoardView(index);
  if (!canEdit) return null;
  const name = t.boardActions(titleOf(board, t.board));
  return (
    <button
      type="button"
      className={controls.icon}
      aria-label={name}
      title={name}
      aria-haspopup="menu"
      data-board-menu=""
      onClick={(event) => {
        onRequest({ kind: 'boardMenu', anchor: event.currentTarget });
      }}
    >
      <MoreIcon />
    </button>
  );
}

interface Chosen {
  boards: readonly BoardItem[];
  board: string;
}

function Tabs({ boards, board }: Chosen): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  const list = useRef<HTMLDivElement>(null);
  const go = (event: KeyboardEvent): void => {
    const at = boards.findIndex(({ id }) => id === board);
    const last = boards.length - 1;
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const next = to === undefined ? undefined : boards[to];
    if (!next) return;
    event.preventDefault();
    index.show(next.id);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(tabOf(next.id))}`)?.focus();
  };
  return (
    <div ref={list} role="tablist" data-boards="" aria-label={t.boards} className={styles.tabs}>
      {boards.map((one) => (
        <button
          key={one.id}
          id={tabOf(one.id)}
          type="button"
          role="tab"
          aria-selected={one.id === board}
          aria-controls={boardPanel}
          tabIndex={one.id === board ? 0 : -1}
          className={styles.tab}
          dir="auto"
          onKeyDown={go}
          onClick={() => {
            index.show(one.id);
          }}
        >
          {titleOf(one, t.board)}
        </button>
      ))}
    </div>
  );
}

/** Where there is no room for tabs: the browser's own list, which every phone knows. */
function Choice({ boards, board }: Chosen): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  const id = useId();
  return (
    <>
      <label className="visually-hidden" htmlFor={id}>
        {t.boards}
      </label>
      <select
        id={id}
        className={`${controls.field ?? ''} ${styles.choice ?? ''}`}
        value={board}
        onChange={(event) => {
          index.show(event.target.value);
        }}
      >
        {boards.map((one) => (
          <option key={one.id} value={one.id}>
            {titleOf(one, t.board)}
          </option>
        ))}
      </select>
    </>
  );
}

/** About how wide a tab is; the longest titles are cut. */
function widthOf(title: string): number {
  return Math.min(title.length * 8, 200) + 26;
}

/** The width of an element, as it changes. */
function useWidth(): [(element: HTMLElement | null) => void, number] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(() => window.innerWidth);
  useEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setWidth(element.clientWidth);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return [setElement, width];
}

import type { ReactNode } from 'react';
import { Separator, type Key } from 'react-aria-components';
import { useTexts } from '../../text/text';
import { useBoard, useBoardView } from '../BoardContext';
import { titleOf } from './names';
import { Entry, MenuPopover } from '../Menus';
import styles from '../Menus.module.css';
import type { Lanes } from '../model';
import { focusBoards } from './focusBoards';
import type { BoardRequest } from './requests';

const laneKeys: readonly (readonly [string, Lanes])[] = [
  ['lanes-none', ''],
  ['lanes-assignee', 'assignee'],
  ['lanes-label', 'label'],
  ['lanes-priority', 'priority'],
];

/** What can be done with the board that is shown. */
export function BoardMenu(props: {
  anchor: HTMLElement;
  onRequest: (request: BoardRequest) => void;
  onClose: () => void;
}): ReactNode {
  const t = useTexts();
  const { index, wholes, did } = useBoard();
  const { boards, board } = useBoardView(index);
  const title = titleOf(board, t.board);
  const at = boards.findIndex(({ id }) => id === board.id);
  const laneNames: Readonly<Record<Lanes, string>> = {
    '': t.lanesNone,
    assignee: t.lanesAssignee,
    label: t.lanesLabel,
    priority: t.lanesPriority,
  };

  const act = (key: Key): void => {
    if (key === 'add') props.onRequest({ kind: 'addBoard' });
    if (key === 'rename') props.onRequest({ kind: 'renameBoard' });
    if (key === 'save') props.onRequest({ kind: 'saveBoard' });
    if (key === 'boards') props.onRequest({ kind: 'boardArchive' });
    if (key === 'left') {
      did(t.didMoveBoard(title), wholes.move(board.id, boards[at - 1]?.id ?? null));
    }
    if (key === 'right') {
      did(t.didMoveBoard(title), wholes.move(board.id, boards[at + 2]?.id ?? null));
    }
    if (key === 'archive') {
      did(t.didArchiveBoard(title), wholes.archive(board.id));
      focusBoards();
    }
    const lanes = laneKeys.find(([name]) => name === key);
    if (lanes && lanes[1] !== board.lanes) {
      did(t.didEditBoard(title), wholes.divide(board.id, lanes[1]));
      focusBoards();
    }
  };

  const several = boards.length > 1;
  const disabled = [
    ...(at <= 0 ? ['left'] : []),
    ...(at === boards.length - 1 ? ['right'] : []),
    ...(several ? [] : ['archive']),
  ];
  return (
    <MenuPopover
      anchor={props.anchor}
      label={t.boardActions(title)}
      disabled={disabled}
      onAction={act}
      onClose={props.onClose}
    >
      <Entry id="add">{t.boardAddOpen}</Entry>
      <Entry id="rename">{t.boardRename}</Entry>
      {several && <Entry id="left">{t.columnLeft}</Entry>}
      {several && <Entry id="right">{t.columnRight}</Entry>}
      <Separator className={styles.line ?? ''} />
      {laneKeys.map(([key, lanes]) => (
        <Entry key={key} id={key}>
          {laneNames[lanes]}
          {board.lanes === lanes && ' ✓'}
        </Entry>
      ))}
      <Separator className={styles.line ?? ''} />
      <Entry id="save">{t.boardSaveOpen}</Entry>
      <Entry id="archive">{t.boardArchive}</Entry>
      <Entry id="boards">{t.boardArchiveOpen}</Entry>
    </MenuPopover>
  );
}

import { useId, type ReactNode } from 'react';
import { useBoard, useBoardView } from '../board/BoardContext';
import { titleOf } from '../board/boards/names';
import { titleLimit } from '../board/limits';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import type { ImportAnswer } from './server';

/** Where an import goes: to a board that is there, or to a new one and what that is called. */
export function Destination(props: {
  readonly answer: ImportAnswer;
  /** The board; null is a new one. */
  readonly to: string | null;
  readonly title: string;
  readonly onTo: (board: string | null) => void;
  readonly onTitle: (title: string) => void;
}): ReactNode {
  const t = useTexts();
  const { index } = useBoard();
  const { boards } = useBoardView(index);
  const id = useId();
  const { answer, to, title, onTo, onTitle } = props;
  const several = answer.boards.length > 1;
  return (
    <>
      <div>
        <label className={controls.label} htmlFor={id}>
          {t.importTo}
        </label>
        <select
          id={id}
          className={controls.field}
          aria-describedby={`${id}h`}
          value={to ?? ''}
          onChange={(event) => {
            onTo(event.target.value || null);
          }}
        >
          {boards.map((board) => (
            <option key={board.id} value={board.id}>
              {titleOf(board, t.board)}
            </option>
          ))}
          <option value="">{several ? t.importToSeveral : t.importToNew}</option>
        </select>
        <p id={`${id}h`} className={controls.hint}>
          {to !== null && answer.columns > 0 && `${t.importColumnsRight} `}
          {to === null && answer.columns === 0 && `${t.importColumnsUsual} `}
          {t.importOneChange}
        </p>
      </div>
      {to === null && !several && (
        <div>
          <label className={controls.label} htmlFor={`${id}t`}>
            {t.boardTitle}
          </label>
          <input
            id={`${id}t`}
            className={controls.field}
            value={title}
            maxLength={titleLimit}
            required
            dir="auto"
            onChange={(event) => {
              onTitle(event.target.value);
            }}
          />
        </div>
      )}
    </>
  );
}

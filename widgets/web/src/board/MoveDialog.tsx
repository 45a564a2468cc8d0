import { useId, useMemo, useState, type ReactNode } from 'react';
import { useHub } from '../hub/hub';
import { useTexts } from '../text/text';
import controls from '../ui/controls.module.css';
import { SmallDialog } from '../ui/SmallDialog';
import { useBoard, useBoardView } from './BoardContext';
import { focusCard } from './focus';
import { keysOf, laneChange, lanesOf } from './lanes/lanes';
import type { FoundCard } from './Overlays';
import { ColumnSelect } from './smallDialogs';

/** Moves a card to a column and an end of it, or to another lane, without dragging. */
export function MoveDialog(
  props: FoundCard & {
    /** The lane in which it was asked for; a card can be in several. */
    lane: string | null;
    onClose: () => void;
  },
): ReactNode {
  const { card, column, columns } = props;
  const t = useTexts();
  const { toasts } = useHub();
  const { index, acts, did, members } = useBoard();
  const view = useBoardView(index);
  const [target, setTarget] = useState(column.id);
  const [end, setEnd] = useState<'top' | 'bottom'>('top');
  const [chosen, setChosen] = useState<string | null>(null);
  const id = useId();
  const title = card.title || t.cardUntitled;

  // Somebody may have removed the chosen column meanwhile.
  const into = columns.find((candidate) => candidate.id === target) ?? column;
  const by = into.board === view.board.id ? view.board.lanes : '';
  const lanes = useMemo(
    () => (by === '' ? [] : lanesOf(view.columns, by, { passes: null, members, t })),
    [view.columns, by, members, t],
  );
  const own = by === '' ? [] : keysOf(card, by);
  const from = props.lane !== null && own.includes(props.lane) ? props.lane : (own[0] ?? '');
  const lane = lanes.find(({ key }) => key === chosen);
  const elsewhere = lane !== undefined && lane.key !== from;

  const move = (): void => {
    props.onClose();
    if (by !== '' && elsewhere) {
      const change = laneChange(card, by, from, lane.key);
      if (change) {
        const moved = into.id === card.column ? change : { ...change, column: into.id };
        did(t.didMove(title, lane.title), acts.changeCards([card.id], moved));
      } else {
        toasts.refused(t.laneUnclear(title));
      }
    } else {
      const first = into.cards.find((candidate) => candidate.id !== card.id);
      const before = end === 'top' ? (first?.id ?? null) : null;
      const there = (end === 'top' ? into.cards[0] : into.cards.at(-1))?.id === card.id;
      // What is there already is not moved, and there is nothing to take back.
      if (!there) did(t.didMove(title, into.title), acts.moveCard(card.id, into.id, before));
    }
    focusCard(card.id, into.id);
  };

  return (
    <SmallDialog
      title={t.moveTitle(title)}
      confirm={t.move}
      onConfirm={move}
      onClose={props.onClose}
    >
      <div>
        <label className={controls.label} htmlFor={`${id}c`}>
          {t.moveColumn}
        </label>
        <ColumnSelect id={`${id}c`} columns={columns} value={into.id} onChange={setTarget} />
      </div>
      {by !== '' && (
        <div>
          <label className={controls.label} htmlFor={`${id}l`}>
            {t.moveLane}
          </label>
          <select
            id={`${id}l`}
            className={controls.field}
            value={lane?.key ?? from}
            onChange={(event) => {
              setChosen(event.target.value);
            }}
          >
            {lanes.map((one) => (
              <option key={one.key} value={one.key}>
                {one.title}
              </option>
            ))}
          </select>
        </div>
      )}
      {/* Another lane changes the card, not its place in the column, as when it is dragged. */}
      {!elsewhere && (
        <div>
          <label className={controls.label} htmlFor={`${id}p`}>
            {t.movePosition}
          </label>
          <select
            id={`${id}p`}
            className={controls.field}
            value={end}
            onChange={(event) => {
              setEnd(event.target.value === 'top' ? 'top' : 'bottom');
            }}
          >
            <option value="top">{t.moveTop}</option>
            <option value="bottom">{t.moveBottom}</option>
          </select>
        </div>
      )}
    </SmallDialog>
  );
}

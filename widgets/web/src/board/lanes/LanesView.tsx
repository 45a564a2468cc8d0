import { Droppable, type DropResult } from '@hello-pangea/dnd';
import { useMemo, useState, type ReactNode } from 'react';
import { useHub } from '../../hub/hub';
import { useTexts } from '../../text/text';
import controls from '../../ui/controls.module.css';
import { ChevronIcon } from '../../ui/icons';
import { AddColumn } from '../AddColumn';
import { useBoard, useBoardView } from '../BoardContext';
import { CardView } from '../CardView';
import { ColumnHeader } from '../ColumnView';
import { cardAfterDrop, titleOfDragged } from '../drag';
import { DragArea } from '../DragArea';
import { itemOf, laneCardDrag, laneDrop, laneOf } from '../dragIDs';
import type { Passes } from '../filter';
import type { Card, Column } from '../model';
import { QuickAdd } from '../QuickAdd';
import { laneChange, lanesOf, type Divided, type Lane } from './lanes';
import styles from './LanesView.module.css';

interface LanesProps {
  readonly lanes: Divided;
  /** Null if every card is shown. */
  readonly passes: Passes | null;
  readonly renaming: string | null;
  readonly onRename: (column: string | null) => void;
}

/** So many cards of a cell are shown at first, and more at a press. */
const shownOfCell = 30;

/** The board in rows: a heading for each person, label or priority, and its cards by column. */
export default function LanesView(props: LanesProps): ReactNode {
  const { lanes: by, passes } = props;
  const t = useTexts();
  const { toasts } = useHub();
  const { index, acts, canEdit, did, members } = useBoard();
  const view = useBoardView(index);
  const lanes = useMemo(
    () => lanesOf(view.columns, by, { passes, members, t }),
    [view.columns, by, passes, members, t],
  );
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const dragged = { view, passes, t };

  const drop = ({ draggableId, source, destination, reason }: DropResult): void => {
    const card = index.card(itemOf(draggableId));
    if (!destination || reason === 'CANCEL' || !card) return;
    const column = view.columns.find(({ id }) => id === itemOf(destination.droppableId));
    const [from, to] = [laneOf(source.droppableId), laneOf(destination.droppableId)];
    if (
      !column ||
      (destination.droppableId === source.droppableId && destination.index === source.index)
    ) {
      return;
    }
    const title = card.title || t.cardUntitled;
    if (from === to) {
      const shown = lanes.find(({ key }) => key === to)?.cells.get(column.id) ?? [];
      const before = cardAfterDrop(column, shown, card.id, destination.index);
      did(t.didMove(title, column.title), acts.moveCard(card.id, column.id, before));
      return;
    }
    const change = laneChange(card, by, from, to);
    if (!change) {
      toasts.refused(t.laneUnclear(title));
      return;
    }
    const moved = column.id === card.column ? change : { ...change, column: column.id };
    const lane = lanes.find(({ key }) => key === to)?.title ?? '';
    did(t.didMove(title, lane), acts.changeCards([card.id], moved));
  };

  return (
    <DragArea
      dragged={dragged}
      onDrop={(result, provided) => {
        const title = titleOfDragged(result.draggableId, result.type, dragged);
        const stays = result.reason === 'CANCEL' || !result.destination;
        provided.announce(stays ? t.dragCancelled(title) : t.dragDropped(title));
        drop(result);
      }}
    >
      <main className={styles.board}>
        <div className={styles.heads}>
          {view.columns.map((column) => (
            <div key={column.id} className={styles.head} data-column-id={column.id}>
              <ColumnHeader
                column={column}
                shown={passes ? column.cards.filter(passes).length : column.cards.length}
                renaming={props.renaming === column.id}
                onRename={props.onRename}
                handle={null}
              />
              {canEdit && <QuickAdd column={column} onAdded={() => undefined} />}
            </div>
          ))}
          {canEdit && <AddColumn />}
        </div>
        {lanes.map((lane) => (
          <LaneRow
            key={lane.key}
            lane={lane}
            columns={view.columns}
            closed={closed.has(lane.key)}
            onToggle={() => {
              setClosed((now) => {
                const next = new Set(now);
                if (!next.delete(lane.key)) next.add(lane.key);
                return next;
              });
            }}
          />
        ))}
      </main>
    </DragArea>
  );
}

function LaneRow(props: {
  lane: Lane;
  columns: readonly Column[];
  closed: boolean;
  onToggle: () => void;
}): ReactNode {
  const { lane, closed } = props;
  const t = useTexts();
  const id = `lane-${encodeURIComponent(lane.key)}`;
  return (
    <section className={styles.lane} aria-labelledby={id} data-lane={lane.key}>
      <h3 className={styles.title}>
        <button
          id={id}
          type="button"
          className={styles.toggle}
          aria-expanded={!closed}
          onClick={props.onToggle}
        >
          <span className={styles.chevron} data-closed={closed ? '' : undefined}>
            <ChevronIcon />
          </span>
          <span dir="auto">{lane.title}</span>
          <span className={styles.count}>{t.columnCount(lane.cards)}</span>
        </button>
      </h3>
      {!closed && (
        <div className={styles.cells}>
          {props.columns.map((column) => (
            <Cell
              key={column.id}
              lane={lane}
              column={column}
              cards={lane.cells.get(column.id) ?? []}
            />
          ))}
        </div>
      )}
    </section>
  );
}

function Cell(props: { lane: Lane; column: Column; cards: readonly Card[] }): ReactNode {
  const { lane, column, cards } = props;
  const t = useTexts();
  const [most, setMost] = useState(shownOfCell);
  const shown = cards.slice(0, most);
  return (
    <Droppable droppableId={laneDrop(lane.key, column.id)} type="card">
      {(provided, snapshot) => (
        <div
          ref={provided.innerRef}
          {...provided.droppableProps}
          className={styles.cell}
          data-over={snapshot.isDraggingOver ? '' : undefined}
        >
          <ul aria-label={t.laneCell(lane.title, column.title)}>
            {shown.map((card, at) => (
              <CardView
                key={card.id}
                as="li"
                card={card}
                index={at}
                done={column.done}
                drag={laneCardDrag(lane.key, card.id)}
              />
            ))}
            {provided.placeholder}
          </ul>
          {cards.length > most && (
            <button
              type="button"
              className={`${controls.button ?? ''} ${controls.small ?? ''}`}
              onClick={() => {
                setMost(most + shownOfCell);
              }}
            >
              {t.templateMore(cards.length - most)}
            </button>
          )}
        </div>
      )}
    </Droppable>
  );
}

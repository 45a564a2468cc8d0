import { DragDropContext, type DropResult, type ResponderProvided } from '@hello-pangea/dnd';
import type { ReactNode } from 'react';
import { styleNonce } from '../host/page';
import { useBoard } from './BoardContext';
import { announceStart, announceUpdate, makeRoom, type Dragged } from './drag';

/**
 * Where cards and columns can be dragged by mouse, touch and keyboard. What others change
 * meanwhile is shown when the drag is over.
 */
export function DragArea(props: {
  readonly dragged: Dragged;
  /** Does what the drop means, and says so. */
  readonly onDrop: (result: DropResult, provided: ResponderProvided) => void;
  readonly children: ReactNode;
}): ReactNode {
  const { dragged, onDrop } = props;
  const { index } = useBoard();
  return (
    <DragDropContext
      nonce={styleNonce()}
      dragHandleUsageInstructions={dragged.t.dragHelp}
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
        onDrop(result, provided);
        index.release();
      }}
    >
      {props.children}
    </DragDropContext>
  );
}

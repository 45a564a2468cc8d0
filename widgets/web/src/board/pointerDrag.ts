import type { PointerEvent as ReactPointerEvent } from 'react';

/** What becomes of a drag. Points are those of the window. */
export interface PointerDrag {
  readonly onMove: (x: number, y: number) => void;
  readonly onDrop: (x: number, y: number) => void;
  readonly onCancel: () => void;
}

/** Less than this is a press. */
const slack = 5;
/** A finger that rests so long drags; one that moves before scrolls. As on the board. */
const rest = 180;

/**
 * Follows a pointer that was pressed on something that can be dragged. A press that does not
 * become a drag stays a press. Escape cancels.
 */
export function followPointer(pressed: ReactPointerEvent, drag: PointerDrag): void {
  if (pressed.button !== 0 || !pressed.isPrimary) return;
  const { pointerId, pointerType, clientX, clientY } = pressed;
  const touch = pointerType === 'touch';
  let dragging = false;
  const begin = (): void => {
    dragging = true;
    drag.onMove(clientX, clientY);
  };
  const timer = touch ? setTimeout(begin, rest) : undefined;

  const moved = (event: PointerEvent): void => {
    if (event.pointerId !== pointerId) return;
    const far = Math.hypot(event.clientX - clientX, event.clientY - clientY) > slack;
    if (!dragging && far) {
      if (touch) {
        end();
        return;
      }
      begin();
    }
    if (dragging) drag.onMove(event.clientX, event.clientY);
  };
  const released = (event: PointerEvent): void => {
    if (event.pointerId !== pointerId) return;
    end();
    if (!dragging) return;
    swallowClick();
    if (event.type === 'pointerup') drag.onDrop(event.clientX, event.clientY);
    else drag.onCancel();
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !dragging) return;
    event.stopPropagation();
    end();
    swallowClick();
    drag.onCancel();
  };
  // A finger that drags must not scroll; the browser asks for that in each of its moves.
  const still = (event: TouchEvent): void => {
    if (dragging) event.preventDefault();
  };
  function end(): void {
    clearTimeout(timer);
    window.removeEventListener('pointermove', moved);
    window.removeEventListener('pointerup', released);
    window.removeEventListener('pointercancel', released);
    window.removeEventListener('keydown', keyed, true);
    window.removeEventListener('touchmove', still);
  }
  window.addEventListener('pointermove', moved);
  window.addEventListener('pointerup', released);
  window.addEventListener('pointercancel', released);
  window.addEventListener('keydown', keyed, true);
  window.addEventListener('touchmove', still, { passive: false });
}

/** Letting go is no press on what was dragged. */
function swallowClick(): void {
  const swallow = (event: MouseEvent): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => {
    window.removeEventListener('click', swallow, true);
  });
}

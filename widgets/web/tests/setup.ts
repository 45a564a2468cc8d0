import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Other tests may have the machine busy; a condition that comes late still comes.
configure({ asyncUtilTimeout: 30_000 });

// What a page meant to do in its next frame, such as moving the focus, is not for the next test.
const frames = new Set<number>();
if (typeof requestAnimationFrame !== 'undefined') {
  const { requestAnimationFrame: request } = globalThis;
  globalThis.requestAnimationFrame = (draw) => {
    const frame = request((time) => {
      frames.delete(frame);
      draw(time);
    });
    frames.add(frame);
    return frame;
  };
}

afterEach(() => {
  cleanup();
  for (const frame of frames) cancelAnimationFrame(frame);
  frames.clear();
});

// What jsdom lacks and the page uses; none of it matters without a layout.
Object.assign(globalThis, {
  CSS: { escape: (text: string) => text, supports: () => false },
  ResizeObserver: class {
    observe(): void {
      // There is no layout to observe.
    }
    unobserve(): void {
      // There is no layout to observe.
    }
    disconnect(): void {
      // There is no layout to observe.
    }
  },
});
if (typeof Element !== 'undefined') {
  Object.assign(Element.prototype, { scrollIntoView: () => undefined, scrollTo: () => undefined });
  // axe asks for one to look at icon fonts; there are none.
  Object.assign(HTMLCanvasElement.prototype, { getContext: () => null });
}

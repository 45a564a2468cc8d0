import { useEffect, useRef } from 'react';

/**
 * For what changes its size when it loses the focus: a press on something else takes the focus
 * when it begins, and would miss what it was aimed at if that moved before it ends. Returns how to
 * do something at once, or after the press that is going on.
 */
export function useAfterPress(): (then: () => void) => void {
  const pressing = useRef(false);
  useEffect(() => {
    const began = (): void => {
      pressing.current = true;
    };
    const ended = (): void => {
      pressing.current = false;
    };
    document.addEventListener('pointerdown', began, true);
    document.addEventListener('pointerup', ended, true);
    document.addEventListener('pointercancel', ended, true);
    return () => {
      document.removeEventListener('pointerdown', began, true);
      document.removeEventListener('pointerup', ended, true);
      document.removeEventListener('pointercancel', ended, true);
    };
  }, []);

  return (then) => {
    if (!pressing.current) {
      then();
      return;
    }
    const end = new AbortController();
    const ended = (): void => {
      end.abort();
      // The click comes right after the press, before anything that waits.
      setTimeout(then);
    };
    document.addEventListener('pointerup', ended, { capture: true, signal: end.signal });
    document.addEventListener('pointercancel', ended, { capture: true, signal: end.signal });
  };
}

import { useEffect, useRef, type RefObject } from 'react';

/** The field of a dialog that has the focus once the dialog is there. */
export function useFieldFocus(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // After the dialog has taken the focus for itself.
    const frame = requestAnimationFrame(() => field.current?.select());
    return () => {
      cancelAnimationFrame(frame);
    };
  }, []);
  return field;
}

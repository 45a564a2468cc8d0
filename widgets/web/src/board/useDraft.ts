import { useEffect, useRef, useState } from 'react';

/** A text being edited that others may change meanwhile. */
export interface Draft {
  readonly value: string;
  readonly change: (value: string) => void;
  /** Gives what was typed to `save`, if it differs from what was there. */
  readonly flush: () => void;
  /** Throws away what was typed. */
  readonly reset: () => void;
}

/**
 * Holds what is typed until it is flushed, at the latest when the field disappears. As long as
 * nothing is typed it follows what others do; what is typed is never overwritten.
 */
export function useDraft(saved: string, save: (value: string) => void): Draft {
  const [typed, setTyped] = useState<string | null>(null);
  const latest = useRef({ typed, saved, save });
  useEffect(() => {
    latest.current = { typed, saved, save };
  });

  const flush = (): void => {
    const now = latest.current;
    if (now.typed !== null && now.typed !== now.saved) now.save(now.typed);
    latest.current = { ...now, typed: null };
    setTyped(null);
  };
  const flushAtEnd = useRef(flush);
  useEffect(() => {
    const atEnd = flushAtEnd.current;
    return () => {
      atEnd();
    };
  }, []);

  return {
    value: typed ?? saved,
    change: (value) => {
      latest.current = { ...latest.current, typed: value };
      setTyped(value);
    },
    flush,
    reset: () => {
      latest.current = { ...latest.current, typed: null };
      setTyped(null);
    },
  };
}

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

/** For texts that may be such that they cannot be saved. */
export interface DraftLimits {
  /** Names the text. */
  readonly key: string;
  readonly fits: (value: string) => boolean;
  /** The field disappears, and what was typed did not fit; it is there when the field comes back. */
  readonly onKept: () => void;
}

/** What did not fit when its field disappeared, by the text's name; until the page is closed. */
const kept = new Map<string, string>();

/**
 * Holds what is typed until it is flushed, at the latest when the field disappears. As long as
 * nothing is typed it follows what others do; what is typed is never overwritten.
 */
export function useDraft(
  saved: string,
  save: (value: string) => void,
  limits: DraftLimits | null = null,
): Draft {
  const [typed, setTyped] = useState(() => (limits && kept.get(limits.key)) ?? null);
  const latest = useRef({ typed, saved, save, limits });
  useEffect(() => {
    latest.current = { typed, saved, save, limits };
  });

  const change = (value: string | null): void => {
    latest.current = { ...latest.current, typed: value };
    setTyped(value);
  };
  const settle = (last: boolean): void => {
    const now = latest.current;
    if (now.limits) kept.delete(now.limits.key);
    if (now.typed !== null && now.limits && !now.limits.fits(now.typed)) {
      if (!last) return;
      kept.set(now.limits.key, now.typed);
      now.limits.onKept();
    } else if (now.typed !== null && now.typed !== now.saved) {
      now.save(now.typed);
    }
    change(null);
  };
  const settleAtEnd = useRef(settle);
  useEffect(() => {
    const atEnd = settleAtEnd.current;
    return () => {
      atEnd(true);
    };
  }, []);

  return {
    value: typed ?? saved,
    change,
    flush: () => {
      settle(false);
    },
    reset: () => {
      change(null);
    },
  };
}

import { useEffect, useRef, useState, type ComponentType, type ReactNode } from 'react';

/** A part of the page that is fetched after the page itself. */
export interface LaterPart<P> {
  /**
   * Shows the part once it is here, and `waiting` until then; if it cannot be fetched,
   * `onMissing` is called.
   */
  readonly Part: (props: P & { onMissing: () => void; waiting?: ReactNode }) => ReactNode;
  /** Fetches the part before it is needed; a failure only means that it is fetched then. */
  readonly preload: () => Promise<void>;
}

/**
 * Like React's lazy, but a part that cannot be fetched (no connection, or a newer server with
 * other files) takes nothing else away, and is fetched anew when it is wanted again.
 */
export function later<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
): LaterPart<P> {
  let here: ComponentType<P> | null = null;
  const fetchPart = async (): Promise<ComponentType<P>> => {
    here ??= (await load()).default;
    return here;
  };

  function Part(props: P & { onMissing: () => void; waiting?: ReactNode }): ReactNode {
    const [Loaded, setLoaded] = useState(() => here);
    const missing = useRef(props.onMissing);
    useEffect(() => {
      missing.current = props.onMissing;
    });
    useEffect(() => {
      let wanted = true;
      fetchPart().then(
        (part) => {
          if (wanted) setLoaded(() => part);
        },
        () => {
          if (wanted) missing.current();
        },
      );
      return () => {
        wanted = false;
      };
    }, []);
    return Loaded ? <Loaded {...props} /> : props.waiting;
  }

  return {
    Part,
    preload: async () => {
      await fetchPart().catch(() => undefined);
    },
  };
}

import { useSyncExternalStore } from 'react';

const query = '(max-width: 640px)';

/** Whether there is so little room that things lie below instead of beside each other. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => {
        media.removeEventListener('change', listener);
      };
    },
    () => matchMedia(query).matches,
  );
}

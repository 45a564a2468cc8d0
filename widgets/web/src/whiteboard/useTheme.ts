import { useSyncExternalStore } from 'react';
import { onThemeChange, shownTheme } from '../host/page';
import type { Theme } from '../host/address';

/** The theme in which the page is shown. */
export function useTheme(): Theme {
  return useSyncExternalStore(onThemeChange, shownTheme);
}

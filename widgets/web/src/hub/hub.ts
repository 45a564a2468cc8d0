import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ViewState } from '../board/viewState';
import type { LiveClient, RoomState } from '../live/client';
import type { Surface } from '../surfaces';
import { useTexts } from '../text/text';
import type { ExportFormat } from '../transfer/format';
import type { Toasts } from './toasts';

/** What every surface has at hand. */
export interface Hub {
  readonly client: LiveClient;
  readonly toasts: Toasts;
  /** The views of the room, in the order of their tabs. */
  readonly surfaces: readonly Surface[];
  /** Shows another of them. */
  readonly showSurface: (id: string) => void;
  /** The focus is on the tabs, which each surface, and each part of it, draws anew. */
  readonly tabFocusRef: { current: boolean };
  /** The surface that the person looked at last in each room; kept as long as the page is open. */
  readonly lastSurfaces: Map<string, string>;
  /** The whiteboard that they looked at last in each room, or that the page was opened for. */
  readonly lastWhiteboards: Map<string, string>;
  /** What the person looked at last in each room; kept as long as the page is open. */
  readonly lastViews: Map<string, ViewState>;
  /**
   * Says something in the room as the person; null outside of a chat client. False if the client
   * or they do not want that.
   */
  readonly sayAs: ((content: Readonly<Record<string, unknown>>) => Promise<boolean>) | null;
  /** Ends the person's session; null where there is nothing to sign out of. */
  readonly signOut: (() => void) | null;
  /** What a private link wants downloaded, once. */
  readonly download: ExportFormat | null;
}

export const HubContext = createContext<Hub | null>(null);

/** The room's client and the messages; only below an open session. */
export function useHub(): Hub {
  const hub = useContext(HubContext);
  if (!hub) throw new Error('useHub outside of a hub');
  return hub;
}

/**
 * How to say that a part of the page could not be fetched. While the server cannot be reached that
 * is why; after an interruption a newer one has other files, and only a new page knows them.
 */
export function usePartMissing(): () => void {
  const t = useTexts();
  const { client, toasts } = useHub();
  return () => {
    if (client.isBack) toasts.refused(t.partMissing, { kind: 'reload' });
    else toasts.refused(t.failedNetwork);
  };
}

/** The room's state, or a part of it; renders again only when that part changes. */
export function useRoom<T>(select: (state: RoomState) => T): T {
  const { client } = useHub();
  return useSyncExternalStore(
    (listener) => client.onState(listener),
    () => select(client.state),
  );
}

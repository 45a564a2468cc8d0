import type { Address } from '../host/address';
import { HostSilent } from '../host/errors';
import { forgetAddress, tabSession } from '../host/page';
import type { WidgetHost } from '../host/widgetHost';
import type { Lang } from '../live/protocol';
import type { Texts } from '../text/text';
import { endSession, ServerRefusal, signInByLink, signInByOpenID, Unreachable } from './server';

/** Signs the person in by whatever way the page was opened. */
export interface SignIn {
  /** Null when only the person can go on, by asking for a link. */
  session(): Promise<string | null>;
  /** Forgets a session that the server no longer takes. */
  forget(): void;
  /** Ends the session, here and on the server; null where the chat client answers for the person. */
  readonly signOut: (() => Promise<void>) | null;
  /** Whether another try can always succeed, even after a session has ended. */
  readonly repeatable: boolean;
}

/** Chooses the way; `host` is there only in a widget. */
export function signInFor(
  entry: Address['entry'],
  host: Promise<WidgetHost> | null,
  lang: Lang,
): SignIn {
  if (entry.kind === 'widget' && host) {
    return {
      repeatable: true,
      signOut: null,
      forget: () => undefined,
      async session() {
        return signInByOpenID(entry.room, await (await host).openID(), lang);
      },
    };
  }
  let token = entry.kind === 'link' ? entry.token : null;
  // A browser may keep nothing for the tab.
  let current: string | null = null;
  return {
    repeatable: false,
    async signOut() {
      if (current !== null) await endSession(current, lang);
      this.forget();
    },
    forget() {
      current = null;
      tabSession.forget();
    },
    async session() {
      if (token === null) {
        current = tabSession.read();
        return current;
      }
      // If this very link was opened in this tab before: go on with what it gave then. A session
      // that came of another link may be another person's, or lead into another room.
      current = tabSession.read(token) ?? (await signInByLink(token, lang));
      tabSession.write(current, token);
      token = null;
      forgetAddress();
      return current;
    },
  };
}

/** Whether the same try can succeed in a moment: nobody has refused it, a link is not spent. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ServerRefusal) {
    return ['unavailable', 'internal', 'rate_limited'].includes(error.kind);
  }
  return error instanceof Unreachable;
}

/** The sentence that a person reads when signing in failed. */
export function sentenceFor(error: unknown, t: Texts): string {
  if (error instanceof ServerRefusal) return error.message || t.failedOdd;
  if (error instanceof Unreachable) return t.failedNetwork;
  if (error instanceof HostSilent) return t.failedHost;
  return t.failedBlocked;
}

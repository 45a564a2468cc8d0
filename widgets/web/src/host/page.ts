import type { Lang } from '../live/protocol';
import type { Theme } from './address';

/** Shows the page in a theme; null leaves it to what the person set in their system. */
export function showTheme(theme: Theme | null): void {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
}

/** The theme in which the page is shown: the host's, else the person's system's. */
export function shownTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  if (theme === 'light' || theme === 'dark') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Calls back when the page may be shown in another theme. */
export function onThemeChange(listener: () => void): () => void {
  const watcher = new MutationObserver(listener);
  watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', listener);
  return () => {
    watcher.disconnect();
    system.removeEventListener('change', listener);
  };
}

/** Tells the browser and screen readers which language the page is in. */
export function showLang(lang: Lang): void {
  document.documentElement.lang = lang;
}

/** Names the page after the room, for tabs and screen readers. */
export function showTitle(room: string): void {
  document.title = room ? `${room} – Werkraum` : 'Werkraum';
}

/** The nonce that styles made at run time have to carry. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/** Takes a one-time token out of the address and the history, where others could find it. */
export function forgetAddress(): void {
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
}

/**
 * Starts anew when another address of the page is opened in its tab, such as a private link:
 * only the fragment differs, so the browser itself loads nothing.
 */
export function restartOnNewAddress(): void {
  window.addEventListener('hashchange', () => {
    location.reload();
  });
}

/** Fetches the page anew. */
export function reloadPage(): void {
  location.reload();
}

/** Calls back when the network returns or the person looks at the page again. */
export function onWake(wake: () => void): () => void {
  const seen = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', seen);
  return () => {
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', seen);
  };
}

/** Lets the browser ask before the page is left while something is unsaved. */
export function guardLeaving(unsaved: () => boolean): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (unsaved()) event.preventDefault();
  };
  window.addEventListener('beforeunload', ask);
  return () => {
    window.removeEventListener('beforeunload', ask);
  };
}

/** Puts a text into the clipboard; returns whether the browser has let it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

const sessionKey = 'werkraum.session';
const linkKey = 'werkraum.link';

/**
 * Keeps the session of a private link for reloads of this tab, since its link opens only once, and
 * beside it the link's token, which is spent. Inside a chat client nothing is kept: there a new
 * sign-in costs nothing.
 */
export const tabSession = {
  /** What is kept; if a link's token is given, only if it came of that link. */
  read(link?: string): string | null {
    try {
      if (link !== undefined && sessionStorage.getItem(linkKey) !== link) return null;
      return sessionStorage.getItem(sessionKey);
    } catch {
      return null;
    }
  },
  write(session: string, link: string): void {
    try {
      sessionStorage.setItem(sessionKey, session);
      sessionStorage.setItem(linkKey, link);
    } catch {
      // A browser that stores nothing only loses the reload.
    }
  },
  forget(): void {
    try {
      sessionStorage.removeItem(sessionKey);
      sessionStorage.removeItem(linkKey);
    } catch {
      // Then nothing was kept.
    }
  },
};

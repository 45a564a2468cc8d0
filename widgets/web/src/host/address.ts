import type { Lang } from '../live/protocol';
import { formatNamed, type ExportFormat } from '../transfer/format';

/** How the page was opened, read from its address. */
export interface Address {
  /** Where the person is to be recognised by. */
  readonly entry:
    | {
        readonly kind: 'widget';
        readonly widgetID: string;
        readonly hostOrigin: string;
        readonly room: string;
      }
    | { readonly kind: 'link'; readonly token: string; readonly download: ExportFormat | null }
    | { readonly kind: 'bare'; readonly room: string | null };
  /** The whiteboard that it opens, if it names one. */
  readonly whiteboard: string | null;
  /** Null if the address names none: the browser's language decides. */
  readonly lang: Lang | null;
  readonly theme: Theme | null;
}

/** The two looks of the page. */
export type Theme = 'light' | 'dark';

/** Reads a theme's name as hosts give it, such as "dark" or "light-high-contrast". */
export function themeNamed(name: string | null): Theme | null {
  if (!name) return null;
  if (/dark|black/i.test(name)) return 'dark';
  return /light/i.test(name) ? 'light' : null;
}

/** Reads a language tag such as "de-AT". */
export function langNamed(tag: string | null): Lang | null {
  const found = tag?.slice(0, 2).toLowerCase();
  if (found === 'de' || found === 'en') return found;
  // A real language that we have no texts in: English is understood by more people.
  return found && /^[a-z]{2}$/.test(found) ? 'en' : null;
}

/**
 * Reads the page's address. The host adds `widgetId` and `parentUrl` to the query; everything of
 * ours is in the fragment, so that it reaches no server's log.
 */
export function readAddress(address: string): Address {
  const url = new URL(address);
  const fragment = url.hash.replace(/^#/, '');
  const [path = '', query = ''] = fragment.split('?', 2);
  const ours = new URLSearchParams(query);
  const room = ours.get('room');
  const knownRoom = room?.startsWith('!') ? room : null;
  const widgetID = url.searchParams.get('widgetId');
  const hostOrigin = originOf(url.searchParams.get('parentUrl'));
  const token = ours.get('token');

  let entry: Address['entry'] = { kind: 'bare', room: knownRoom };
  if (widgetID && hostOrigin && knownRoom) {
    entry = { kind: 'widget', widgetID, hostOrigin, room: knownRoom };
  } else if (path.replace(/^\//, '') === 'link' && token) {
    entry = { kind: 'link', token, download: formatNamed(ours.get('export')) };
  }
  const named = ours.get('whiteboard') ?? '';
  const whiteboard = /^[a-z0-9]{20}$/.test(named) ? named : null;
  return {
    entry,
    whiteboard,
    lang: langNamed(ours.get('lang')),
    theme: themeNamed(ours.get('theme')),
  };
}

/** Where chat clients run: on the web, or as Element Desktop under a scheme of its own. */
const hostSchemes = ['https:', 'http:', 'vector:', 'element:'];

function originOf(address: string | null): string | null {
  if (!address || !URL.canParse(address)) return null;
  const { protocol, host } = new URL(address);
  // Not `url.origin`, which is "null" for schemes that this browser does not know. Element Desktop
  // registers its own as a standard one, so that messages come from "vector://vector" there.
  return host && hostSchemes.includes(protocol) ? `${protocol}//${host}` : null;
}

/** The address of the live socket beside a page. */
export function liveAddress(page: string): string {
  const url = new URL('/api/v1/live', page);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** A link that opens a message in whatever Matrix client the person uses. */
export function messageLink(room: string, event: string): string {
  return `https://matrix.to/#/${encodeURIComponent(room)}/${encodeURIComponent(event)}`;
}

/** A link that opens a room. */
export function roomLink(room: string): string {
  return `https://matrix.to/#/${encodeURIComponent(room)}`;
}

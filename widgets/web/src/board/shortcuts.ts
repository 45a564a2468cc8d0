import type { Layout } from './viewState';

/** What a key can ask for. */
export type Shortcut =
  | 'help'
  | 'add'
  | 'search'
  | 'mine'
  | 'select'
  | 'assignMe'
  | 'people'
  | 'due'
  | 'labels'
  | 'priority'
  | 'archive'
  | 'undo'
  | 'clear'
  | Layout;

const keys = new Map<string, Shortcut>(
  Object.entries({
    '?': 'help',
    n: 'add',
    '/': 'search',
    f: 'search',
    q: 'mine',
    x: 'select',
    a: 'assignMe',
    m: 'people',
    d: 'due',
    l: 'labels',
    p: 'priority',
    c: 'archive',
    u: 'undo',
    Escape: 'clear',
    '1': 'board',
    '2': 'table',
    '3': 'calendar',
    '4': 'timeline',
  } as const),
);

/** What can be told of a key. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
}

/**
 * What a key asks for; null if nothing. Keys with Ctrl, Alt or Meta belong to the browser and to
 * the chat client around the page.
 */
export function shortcutOf(event: Key): Shortcut | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  return keys.get(event.key.length === 1 ? event.key.toLowerCase() : event.key) ?? null;
}

/** Where an arrow key leads on the board: columns to the right, cards down. */
export function arrowOf(key: string): readonly [number, number] | null {
  switch (key) {
    case 'ArrowLeft':
      return [-1, 0];
    case 'ArrowRight':
      return [1, 0];
    case 'ArrowUp':
      return [0, -1];
    case 'ArrowDown':
      return [0, 1];
    default:
      return null;
  }
}

/** Whether somebody types, or something lies over the board that has keys of its own. */
export function isBusy(target: EventTarget | null): boolean {
  if (document.documentElement.dataset.dragging !== undefined) return true;
  if (
    document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]')
  )
    return true;
  return (
    target instanceof Element &&
    target.closest(
      'input:not([type="checkbox"]), textarea, select, [contenteditable], [role="spinbutton"]',
    ) !== null
  );
}

/** The card that has the focus. */
export function focusedCard(): string | null {
  const card = document.activeElement?.closest<HTMLElement>('[data-card-id]');
  return card?.dataset.cardId ?? null;
}

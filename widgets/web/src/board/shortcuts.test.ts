import { afterEach, describe, expect, it } from 'vitest';
import { arrowOf, focusedCard, isBusy, shortcutOf, type Key } from './shortcuts';

function key(name: string, held: Partial<Key> = {}): Key {
  return { key: name, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...held };
}

afterEach(() => {
  document.body.replaceChildren();
});

describe('a key', () => {
  it('asks for something, with capitals locked too', () => {
    expect(shortcutOf(key('x'))).toBe('select');
    expect(shortcutOf(key('X'))).toBe('select');
    expect(shortcutOf(key('?'))).toBe('help');
    expect(shortcutOf(key('3'))).toBe('calendar');
    expect(shortcutOf(key('y'))).toBeNull();
    expect(shortcutOf(key('constructor'))).toBeNull();
    expect(arrowOf('ArrowLeft')).toEqual([-1, 0]);
  });

  it.each(['ctrlKey', 'metaKey', 'altKey', 'isComposing'] as const)(
    'belongs to somebody else with %s',
    (held) => {
      expect(shortcutOf(key('f', { [held]: true }))).toBeNull();
    },
  );
});

function put(html: string, selector: string): Element {
  const made = new DOMParser().parseFromString(html, 'text/html').body;
  document.body.replaceChildren(...made.childNodes);
  const found = document.querySelector(selector);
  if (!found) throw new Error('not there');
  return found;
}

describe('keys are left alone', () => {
  it.each(['input', 'textarea', 'select', '[contenteditable]'])('in %s', (field) => {
    const html = '<input><textarea></textarea><select></select><p contenteditable>x</p>';
    expect(isBusy(put(html, field))).toBe(true);
  });

  it('while a dialog or a menu is open, or something is dragged', () => {
    expect(isBusy(put('<button></button><div role="menu"></div>', 'button'))).toBe(true);
    expect(isBusy(put('<button></button><div role="dialog"></div>', 'button'))).toBe(true);
    expect(isBusy(put('<button></button><input type="checkbox">', 'input'))).toBe(false);
    document.documentElement.dataset.dragging = '';
    expect(isBusy(put('<button></button>', 'button'))).toBe(true);
    delete document.documentElement.dataset.dragging;
    expect(isBusy(put('<button></button>', 'button'))).toBe(false);
  });
});

it('the card with the focus is known in every view', () => {
  const face = put('<li data-card-id="k"><button data-card-face></button></li>', 'button');
  expect(focusedCard()).toBeNull();
  (face as HTMLElement).focus();
  expect(focusedCard()).toBe('k');
});

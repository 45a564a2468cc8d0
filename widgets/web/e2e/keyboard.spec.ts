import type { Locator } from '@playwright/test';
import type { Board } from './support/board';
import { expect, test } from './support/story';

/** Presses Tab until a control has the focus; each on the way must show that it has it. */
async function tabTo(board: Board, target: Locator, key = 'Tab'): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    if (
      (await target.count()) > 0 &&
      (await target.evaluate((e) => e === document.activeElement))
    ) {
      return;
    }
    await board.page.keyboard.press(key);
    const focused = board.view.locator(':focus');
    if ((await focused.count()) === 0) continue;
    const unseen = await focused.evaluate((element) => {
      const marked = (e: Element | null): boolean => {
        const style = e && getComputedStyle(e);
        return style !== null && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
      };
      // A part of a date is marked by its colours.
      const filled = element.matches('[role=spinbutton][data-focused]');
      const group = element.closest('[role=group]');
      const shown = marked(element) || marked(element.parentElement) || marked(group) || filled;
      return shown ? null : element.outerHTML.slice(0, 160);
    });
    expect(unseen, 'has the focus and does not show it').toBeNull();
  }
  throw new Error('the focus never came to this control');
}

test('the whole work goes with the keyboard alone', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const { keyboard } = anna.page;

  // Add a card, and find oneself where one was.
  const adder = anna.view.getByRole('button', { name: 'Karte hinzufügen zu Offen' });
  await tabTo(anna, adder);
  await keyboard.press('Enter');
  await expect(anna.view.getByRole('textbox', { name: 'Titel der neuen Karte' })).toBeFocused();
  await keyboard.type('Grundriss');
  await keyboard.press('Enter');
  await mia.expectCards('Offen', ['Angebot einholen', 'Grundriss']);
  await keyboard.press('Escape');
  await expect(adder).toBeFocused();

  // Edit it.
  await tabTo(anna, anna.face('Grundriss'), 'Shift+Tab');
  await keyboard.press('Enter');
  const dialog = anna.view.getByRole('dialog', { name: 'Grundriss' });
  await expect(dialog).toBeVisible();
  await tabTo(anna, dialog.getByRole('textbox', { name: 'Titel' }));
  await keyboard.press('End');
  await keyboard.type(' abstimmen');
  await tabTo(anna, anna.view.getByRole('combobox', { name: 'Person hinzufügen' }));
  await keyboard.type('mia');
  await expect(anna.suggestion('Mia Brandt')).toBeVisible();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(mia.face('Grundriss abstimmen')).toContainText('Zugewiesen an Mia Brandt');
  await keyboard.press('Escape');
  // A list of suggestions may have been open still; Escape closes one thing at a time.
  await expect(async () => {
    if (await anna.view.getByRole('dialog').isVisible()) await keyboard.press('Escape');
    await expect(anna.view.getByRole('dialog')).toBeHidden({ timeout: 1_000 });
  }).toPass();
  await expect(anna.face('Grundriss abstimmen')).toBeFocused();

  // Move it, and take that back.
  const heard = anna.view.locator('[id^="rfd-announcement"]');
  await keyboard.press('Space');
  await expect(heard).toContainText('aufgenommen');
  await keyboard.press('ArrowRight');
  await expect(heard).toContainText('Spalte In Arbeit');
  await keyboard.press('Space');
  await mia.expectCards('In Arbeit', ['Grundriss abstimmen']);
  await keyboard.press('Control+z');
  await mia.expectCards('In Arbeit', []);
  await mia.expectCards('Offen', ['Angebot einholen', 'Grundriss abstimmen']);

  // The menu has the focus on its first entry and gives it back.
  await tabTo(anna, anna.cardMenu('Grundriss abstimmen'));
  await keyboard.press('Enter');
  await expect(anna.view.getByRole('menuitem', { name: 'Öffnen' })).toBeFocused();
  const opener = anna.view.locator('[aria-expanded=true]');
  await expect(opener).toHaveAttribute('aria-label', 'Aktionen für Grundriss abstimmen');
  await keyboard.press('Escape');
  await expect(anna.cardMenu('Grundriss abstimmen')).toBeFocused();
  await expect(opener).toHaveCount(0);
});

test('a message that is undone or closed gives the focus back', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen', 'Grundriss'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const { keyboard } = anna.page;
  const moved = anna.toast('„Grundriss“ nach Erledigt verschoben');
  const moveToDone = async (): Promise<void> => {
    await anna.cardMenu('Grundriss').focus();
    await keyboard.press('Enter');
    await expect(anna.view.getByRole('menuitem', { name: 'Öffnen' })).toBeFocused();
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    const dialog = anna.view.getByRole('dialog', { name: '„Grundriss“ verschieben' });
    await dialog.getByLabel('Spalte').selectOption({ label: 'Erledigt' });
    await dialog.getByRole('button', { name: 'Verschieben' }).press('Enter');
    await moved.hover(); // so that it stays
    await anna.expectCards('Erledigt', ['Grundriss']);
    await expect(anna.face('Grundriss')).toBeFocused();
  };

  await moveToDone();
  await tabTo(anna, moved.getByRole('button', { name: 'Rückgängig' }));
  await keyboard.press('Enter');
  await anna.expectCards('Offen', ['Angebot einholen', 'Grundriss']);
  await expect(anna.toast('Rückgängig gemacht')).toBeVisible();
  await expect(anna.view.getByRole('button', { name: 'Spalte hinzufügen' })).toBeFocused();

  // From the card itself, which is drawn anew in the other column.
  await moveToDone();
  await moved.getByRole('button', { name: 'Rückgängig' }).focus();
  await keyboard.press('Enter');
  await anna.expectCards('Offen', ['Angebot einholen', 'Grundriss']);
  await expect(anna.face('Grundriss')).toBeFocused();

  await moveToDone();
  await moved.getByRole('button', { name: 'Schließen' }).focus();
  await keyboard.press('Enter');
  await expect(moved).toHaveCount(0);
  await expect(anna.face('Grundriss')).toBeFocused();
});

test('people and labels are entered by typing and Enter', async ({ stage }) => {
  const room = await stage.room({
    partner: true,
    colleagues: ['Jonas Lindner'],
    cards: { open: ['Angebot einholen'] },
  });
  await room.seat.addCard('Grundriss', 'open', { labels: ['Vergabe'] });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const { keyboard } = anna.page;

  await anna.face('Angebot einholen').focus();
  await keyboard.press('Enter');
  const dialog = anna.view.getByRole('dialog', { name: 'Angebot einholen' });
  const label = dialog.getByRole('combobox', { name: 'Schlagwort hinzufügen' });
  await tabTo(anna, label);
  await keyboard.type('sehr eilig');
  await keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'sehr eilig entfernen' })).toBeVisible();
  // The field is ready for the next one; one that there is already is taken, not made anew.
  await expect(label).toBeFocused();
  await keyboard.type('vergabe');
  await keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Vergabe entfernen' })).toBeVisible();
  await expect(mia.face('Angebot einholen')).toContainText('Schlagwörter: Vergabe, sehr eilig');

  // Who is the only one that fits.
  await tabTo(anna, dialog.getByRole('combobox', { name: 'Person hinzufügen' }), 'Shift+Tab');
  await keyboard.type('brandt');
  await keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Mia Brandt entfernen' })).toBeVisible();

  // Where it is not clear who is meant nothing is lost; Escape empties the field, then closes.
  const person = dialog.getByRole('combobox', { name: 'Person hinzufügen' });
  await keyboard.type('e');
  await keyboard.press('Enter');
  await expect(anna.view.getByRole('listbox')).toBeVisible();
  await expect(person).toHaveValue('e');
  await keyboard.press('Escape');
  await expect(person).toHaveValue('');
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a dialog that closes gives the focus to its card, wherever that is', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen', 'Grundriss'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const { keyboard } = anna.page;
  const openFromMenu = async (entry: string): Promise<Locator> => {
    await anna.cardMenu('Grundriss').focus();
    await keyboard.press('Enter');
    await expect(anna.view.locator('[role=menuitem]:focus')).toBeVisible();
    await anna.view.getByRole('menuitem', { name: entry }).press('Enter');
    const dialog = anna.view.getByRole('dialog');
    await expect(dialog).toBeVisible();
    return dialog;
  };

  // The menu has closed before the dialog, and its entry is gone.
  for (const entry of ['Öffnen', 'Verschieben nach…']) {
    const dialog = await openFromMenu(entry);
    await keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(anna.face('Grundriss')).toBeFocused();
  }
  // The card has been moved, and was drawn anew in another column.
  await keyboard.press('Enter');
  const dialog = anna.view.getByRole('dialog');
  await dialog.getByLabel('Spalte').selectOption({ label: 'Erledigt' });
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await anna.expectCards('Erledigt', ['Grundriss']);
  await expect(anna.face('Grundriss')).toBeFocused();
});

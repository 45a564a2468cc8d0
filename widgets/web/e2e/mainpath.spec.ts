import type { Locator } from '@playwright/test';
import { expectAccessible } from './support/axe';
import type { Board } from './support/board';
import { expect, test } from './support/story';

/** Presses Tab, or another key, until a control has the focus. */
async function goTo(board: Board, target: Locator, key = 'Tab'): Promise<void> {
  for (let i = 0; i < 80; i += 1) {
    if (
      (await target.count()) > 0 &&
      (await target.evaluate((e) => e === document.activeElement))
    ) {
      return;
    }
    await board.page.keyboard.press(key);
  }
  throw new Error('the focus never came to this control');
}

test('a card’s whole way, with the keyboard alone and all that helps it', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Möbel', 'Umzug'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const { view } = anna;
  const { keyboard } = anna.page;
  const shown = (name: string): Locator => view.getByRole('button', { name, pressed: true });
  // Into the widget, as one comes there in Element.
  await goTo(anna, view.getByRole('button', { name: 'Karte hinzufügen zu Offen' }));

  // A card.
  await keyboard.press('Enter');
  await expect(view.getByRole('textbox', { name: 'Titel der neuen Karte' })).toBeFocused();
  await keyboard.type('Angebot einholen');
  await keyboard.press('Enter');
  await expect(anna.card('Angebot einholen')).toBeVisible();
  await keyboard.press('Escape');
  await goTo(anna, anna.face('Angebot einholen'), 'Shift+Tab');
  await keyboard.press('Enter');
  const dialog = view.getByRole('dialog', { name: 'Angebot einholen' });
  await expect(dialog).toBeVisible();

  // A checklist, and the day after today from the calendar.
  await goTo(anna, dialog.getByRole('button', { name: 'Checkliste hinzufügen' }));
  await keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Punkt hinzufügen' })).toBeFocused();
  await keyboard.type('Drei Firmen anfragen');
  await keyboard.press('Enter');
  await expect(dialog.getByRole('checkbox', { name: 'Drei Firmen anfragen' })).toBeVisible();
  await goTo(anna, dialog.getByRole('checkbox', { name: 'Drei Firmen anfragen' }), 'Shift+Tab');
  await keyboard.press('Space');
  await goTo(anna, dialog.getByRole('button', { name: 'Datum auswählen' }));
  await keyboard.press('Enter');
  await expect(view.getByRole('grid')).toBeVisible();
  await expect(view.locator('[role=grid] :focus')).toHaveCount(1);
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await expect(view.getByRole('grid')).toBeHidden();
  await expect(dialog.getByRole('button', { name: 'Datum auswählen' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(anna.face('Angebot einholen')).toBeFocused();
  await expect(anna.face('Angebot einholen')).toContainText('Morgen fällig');
  await expect(anna.face('Angebot einholen')).toContainText('1/1');

  // To the next column, back, and there again.
  await keyboard.press('Shift+ArrowRight');
  await anna.expectCards('In Arbeit', ['Angebot einholen']);
  await expect(anna.face('Angebot einholen')).toBeFocused();
  await keyboard.press('u');
  await anna.expectCards('Offen', ['Möbel', 'Umzug', 'Angebot einholen']);
  await goTo(anna, anna.face('Angebot einholen'));
  await keyboard.press('Shift+ArrowRight');
  await anna.expectCards('In Arbeit', ['Angebot einholen']);

  // Every view, and in each of them the card.
  for (const [key, name] of [
    ['2', 'Tabelle'],
    ['3', 'Kalender'],
    ['4', 'Zeitachse'],
    ['1', 'Board'],
  ] as const) {
    await keyboard.press(key);
    await expect(shown(name)).toBeVisible();
    await expect(view.getByText('Angebot einholen').first()).toBeVisible();
  }

  // Only what is looked for, and all of it again.
  await keyboard.press('/');
  await expect(view.getByRole('searchbox', { name: 'Karten filtern' })).toBeFocused();
  await keyboard.type('moebel');
  await anna.expectCards('Offen', ['Möbel']);
  await goTo(anna, view.getByRole('button', { name: 'Filter aufheben' }));
  await keyboard.press('Enter');
  await anna.expectCards('Offen', ['Möbel', 'Umzug']);

  // And what keys there are.
  await goTo(anna, anna.face('Möbel'));
  await keyboard.press('?');
  const keys = view.getByRole('dialog', { name: 'Tastenkürzel' });
  await expect(keys).toBeVisible();
  await keyboard.press('Escape');
  await expect(keys).toBeHidden();
  await expect(anna.face('Möbel')).toBeFocused();
});

test('a card comes again when it is finished, as its window was told', async ({ stage }) => {
  const room = await stage.room({ colleagues: ['Jonas Weber'] });
  await room.seat.addCard('Aushang prüfen', 'open', { due: '2026-12-01' });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const jonas = await (await stage.inElement(room, room.colleagues[0] ?? room.anna)).opened();
  const dialog = await anna.open('Aushang prüfen');
  const repeats = dialog.getByRole('combobox', { name: 'Wiederholung' });
  await repeats.selectOption({ label: 'Wöchentlich' });

  // What is chosen is seen by others, and more than the list has can be chosen.
  const theirs = await jonas.open('Aushang prüfen');
  await expect(theirs.getByRole('combobox', { name: 'Wiederholung' })).toHaveValue('FREQ=WEEKLY');
  await repeats.selectOption('custom');
  await dialog.getByRole('spinbutton', { name: 'Alle' }).fill('3');
  await expect(theirs.getByRole('combobox', { name: 'Wiederholung' })).toHaveValue(
    'FREQ=WEEKLY;INTERVAL=3',
  );
  await expectAccessible(anna.page, 'how often a card repeats');
  await jonas.close(theirs);
  await anna.close(dialog);

  await jonas.drag('Aushang prüfen', { endOf: 'Erledigt' });
  await anna.expectCards('Offen', ['Aushang prüfen']);
  await anna.expectCards('Erledigt', ['Aushang prüfen']);
  await expect(anna.column('Offen').locator('[data-card-face]')).toContainText('22. Dez.');

  // Taken back, the next one has gone with it.
  await jonas.page.keyboard.press('Control+z');
  await anna.expectCards('Erledigt', []);
  await anna.expectCards('Offen', ['Aushang prüfen']);
  await expect(anna.column('Offen').locator('[data-card-face]')).toContainText('1. Dez.');
});

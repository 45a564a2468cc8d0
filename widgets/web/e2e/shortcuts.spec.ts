import type { Locator } from '@playwright/test';
import { de } from '../src/text/de';
import { expectAccessible } from './support/axe';
import { expect, test } from './support/story';

/** Its list of suggestions may be open or closed; another Escape would be one for the board. */
async function escapeFrom(dialog: Locator): Promise<void> {
  await expect(async () => {
    if (await dialog.isVisible()) await dialog.press('Escape');
    await expect(dialog).toBeHidden({ timeout: 1_000 });
  }).toPass();
}

test('the board by single keys', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot', 'Brücke'], doing: ['Chaussee'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const { page, view } = anna;
  await anna.face('Angebot').focus();
  await page.keyboard.press('ArrowDown');
  await expect(anna.face('Brücke')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(anna.face('Chaussee')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(anna.face('Angebot')).toBeFocused();

  await page.keyboard.press('Shift+ArrowDown');
  await anna.expectCards('Offen', ['Brücke', 'Angebot']);
  await expect(anna.face('Angebot')).toBeFocused();
  await page.keyboard.press('Shift+ArrowRight');
  await anna.expectCards('In Arbeit', ['Chaussee', 'Angebot']);
  await expect(anna.face('Angebot')).toBeFocused();
  await page.keyboard.press('u');
  await anna.expectCards('Offen', ['Brücke', 'Angebot']);

  await anna.face('Angebot').focus();
  await page.keyboard.press('a');
  await expect(anna.card('Angebot')).toContainText('Zugewiesen an Anna Petersen');
  await page.keyboard.press('q');
  await anna.expectCards('Offen', ['Angebot']);
  await page.keyboard.press('q');
  await anna.expectCards('Offen', ['Brücke', 'Angebot']);

  await page.keyboard.press('n');
  const field = view.getByRole('textbox', { name: de.cardNewTitle });
  await expect(field).toBeFocused();
  // What is typed is typed.
  await page.keyboard.type('xanfd?/1');
  await page.keyboard.press('Enter');
  await expect(anna.card('xanfd?/1')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('/');
  await expect(view.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('brück');
  await anna.expectCards('Offen', ['Brücke']);
  await view.getByRole('button', { name: de.filterClear }).click();

  await page.keyboard.press('2');
  await expect(view.getByRole('grid')).toBeVisible();
  await page.keyboard.press('3');
  await expect(view.getByRole('region', { name: 'Ohne Fälligkeit' })).toBeVisible();
  await page.keyboard.press('4');
  await expect(view.getByRole('region', { name: 'Zeitachse' })).toBeVisible();
  await page.keyboard.press('1');
  await anna.expectColumns(['Offen', 'In Arbeit', 'Erledigt']);

  await page.keyboard.press('?');
  const sheet = view.getByRole('dialog', { name: de.keys });
  await expect(sheet).toBeVisible();
  await sheet.getByRole('checkbox', { name: de.keysLetters }).uncheck();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('2');
  await anna.face('Brücke').focus();
  await page.keyboard.press('ArrowDown');
  await expect(anna.face('Angebot')).toBeFocused();
  await expect(view.getByRole('grid')).toHaveCount(0);
});

test('several cards are changed at once, and it is taken back at once', async ({ stage }) => {
  const room = await stage.room({
    colleagues: ['Jonas Weber'],
    cards: { open: ['Eins', 'Zwei', 'Drei', 'Vier'] },
  });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const jonas = await (await stage.inElement(room, room.colleagues[0] ?? room.anna)).opened();
  const { page, view } = anna;
  await anna.face('Eins').click({ modifiers: ['Control'] });
  await anna.face('Drei').click({ modifiers: ['Shift'] });
  await expect(view.getByRole('dialog')).toHaveCount(0);
  const bar = view.getByRole('region', { name: de.bulk });
  await expect(bar.getByRole('status')).toHaveText(de.bulkCount(3));

  await bar.getByRole('button', { name: de.cardMoveTo }).click();
  await view.getByRole('dialog').getByRole('button', { name: 'In Arbeit' }).click();
  const moved = anna.toast(de.didBulk(3));
  await moved.hover(); // so that it stays
  await jonas.expectCards('In Arbeit', ['Eins', 'Zwei', 'Drei']);
  await moved.getByRole('button', { name: de.undo }).click();
  await jonas.expectCards('Offen', ['Eins', 'Zwei', 'Drei', 'Vier']);

  // The same by keyboard alone.
  await bar.getByRole('button', { name: de.bulkClear }).click();
  await expect(bar).toBeHidden();
  await anna.face('Zwei').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('x');
  await expect(bar.getByRole('status')).toHaveText(de.bulkCount(2));
  await page.keyboard.press('d');
  const due = view.getByRole('dialog', { name: de.tableDue });
  await due.locator('input[type=date]').fill('2030-05-06');
  await page.keyboard.press('Enter');
  await expect(jonas.card('Zwei')).toContainText('6. Mai 2030');
  await expect(jonas.card('Drei')).toContainText('6. Mai 2030');
  await expect(jonas.card('Eins')).not.toContainText('6. Mai 2030');

  await bar.getByRole('button', { name: de.bulkPeople }).click();
  const people = view.getByRole('dialog', { name: de.bulkPeople });
  await anna.pick(people.getByRole('combobox'), 'Jonas Weber', 'Jonas');
  await escapeFrom(people);
  await expect(jonas.card('Drei')).toContainText('Zugewiesen an Jonas Weber');

  await bar.getByRole('button', { name: de.cardDelete }).click();
  await expect(bar).toBeHidden();
  await jonas.expectCards('Offen', ['Eins', 'Vier']);
  await expect(view.locator(':focus')).toHaveCount(1);
});

test('in the table cards are chosen with the space bar or all at once', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Eins', 'Zwei', 'Drei'] } });
  const anna = await (await stage.byLink(room, room.anna)).opened();
  const { page, view } = anna;
  await page.keyboard.press('2');
  const grid = view.getByRole('grid');
  await grid.locator('[data-column=title]').first().focus();
  await page.keyboard.press('Space');
  await expect(grid.getByRole('row', { selected: true })).toHaveCount(1);
  await page.keyboard.press('p');
  await view
    .getByRole('dialog', { name: de.priority })
    .getByRole('button', { name: 'Dringend' })
    .click();
  await expect(grid.getByRole('row', { selected: true })).toContainText('Dringend');
  await view.getByRole('button', { name: de.bulkClear }).click();
  await grid.getByRole('button', { name: de.bulkSelectAll }).click();
  await expect(grid.getByRole('row', { selected: true })).toHaveCount(3);
  await grid.getByRole('checkbox', { name: de.bulkSelectCard('Zwei') }).uncheck();
  await expect(view.getByRole('region', { name: de.bulk })).toContainText(de.bulkCount(2));
});

for (const theme of ['light', 'dark']) {
  test(`axe: keys and chosen cards, ${theme}`, async ({ stage }) => {
    const room = await stage.room({ cards: { open: ['Eins', 'Zwei'] } });
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    const { page, view } = anna;
    await view.getByRole('button', { name: de.keys }).click();
    await expect(view.getByRole('dialog', { name: de.keys })).toBeVisible();
    await expectAccessible(page, 'keys');
    await page.screenshot({ path: test.info().outputPath(`keys-${theme}.png`) });
    await page.keyboard.press('Escape');
    await anna.face('Eins').click({ modifiers: ['Control'] });
    await expect(view.getByRole('region', { name: de.bulk })).toBeVisible();
    await expectAccessible(page, 'a chosen card');
    await page.screenshot({ path: test.info().outputPath(`chosen-${theme}.png`) });
    await page.keyboard.press('l');
    await expect(view.getByRole('dialog', { name: 'Schlagwörter' })).toBeVisible();
    await expectAccessible(page, 'labels of several');
    await escapeFrom(view.getByRole('dialog', { name: 'Schlagwörter' }));
    await page.keyboard.press('2');
    await expect(view.getByRole('row', { selected: true })).toHaveCount(1);
    await expectAccessible(page, 'a chosen row');
  });
}

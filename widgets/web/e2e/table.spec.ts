import type { Locator } from '@playwright/test';
import { en } from '../src/text/en';
import { expectAccessible } from './support/axe';
import type { Board } from './support/board';
import { expect, test } from './support/story';

async function openTable(board: Board, name = 'Tabelle'): Promise<Locator> {
  await board.view
    .getByRole('group', { name: /Ansicht|View/ })
    .getByRole('button', { name })
    .click();
  const grid = board.view.getByRole('grid', { name });
  await expect(grid).toBeVisible();
  return grid;
}

/** The titles in the table from top to bottom are these. */
async function expectRows(grid: Locator, titles: readonly string[]): Promise<void> {
  await expect(grid.locator('[data-column=title] > span:first-child')).toHaveText([...titles]);
}

test('the table sorts, chooses columns and edits in place, and others see it', async ({
  stage,
}) => {
  const room = await stage.room({ colleagues: ['Jonas Weber'], cards: { doing: ['Grundriss'] } });
  await room.seat.addCard('Zaun', 'open', { due: '2026-01-15', labels: ['Bau'] });
  await room.seat.addCard('Äpfel', 'open', { due: '2026-01-02' });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const jonas = await (await stage.inElement(room, room.colleagues[0] ?? room.anna)).opened();
  const grid = await openTable(anna);
  await expectRows(grid, ['Zaun', 'Äpfel', 'Grundriss']);

  const due = grid.getByRole('columnheader', { name: 'Fällig' });
  await due.getByRole('button').click();
  await expect(due).toHaveAttribute('aria-sort', 'ascending');
  await expectRows(grid, ['Äpfel', 'Zaun', 'Grundriss']);
  await due.getByRole('button').click();
  await expect(due).toHaveAttribute('aria-sort', 'descending');
  await expectRows(grid, ['Zaun', 'Äpfel', 'Grundriss']);
  await due.getByRole('button').click();
  await expect(due).toHaveAttribute('aria-sort', 'none');

  const row = grid.getByRole('row', { name: /Zaun/ });
  await row.locator('[data-column=column]').click();
  await row.getByRole('combobox', { name: 'Spalte' }).selectOption('In Arbeit');
  await anna.page.keyboard.press('Enter');
  await jonas.expectCards('In Arbeit', ['Grundriss', 'Zaun']);

  await row.locator('[data-column=assignees]').click();
  const people = anna.view.getByRole('dialog', { name: 'Zugewiesen an' });
  await anna.pick(people.getByRole('combobox'), 'Jonas Weber', 'Jonas');
  await anna.page.keyboard.press('Escape');
  await anna.page.keyboard.press('Escape');
  await expect(people).toBeHidden();
  await expect(row.locator('[data-column=assignees]')).toContainText('Jonas Weber');
  await expect(jonas.card('Zaun')).toContainText('Zugewiesen an Jonas Weber');

  await anna.view.getByRole('button', { name: 'Spalten', exact: true }).click();
  await anna.view.getByRole('menuitemcheckbox', { name: 'Schlagwörter' }).click();
  await anna.page.keyboard.press('Escape');
  await expect(grid.getByRole('columnheader', { name: 'Schlagwörter' })).toHaveCount(0);
});

test('the table by keyboard alone', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot', 'Brücke', 'Chaussee'] } });
  const anna = await (await stage.byLink(room, room.anna)).opened();
  const { page } = anna;
  await anna.view.getByRole('button', { name: 'Tabelle' }).focus();
  await page.keyboard.press('Enter');
  const grid = anna.view.getByRole('grid', { name: 'Tabelle' });
  await expectRows(grid, ['Angebot', 'Brücke', 'Chaussee']);
  const focused = page.locator(':focus');
  await grid.getByRole('button', { name: 'Titel' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(grid.getByRole('columnheader', { name: 'Titel' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await expectRows(grid, ['Chaussee', 'Brücke', 'Angebot']);
  await page.keyboard.press('ArrowDown');
  await expect(focused).toContainText('Chaussee');
  await page.keyboard.press('ArrowDown');
  await expect(focused).toContainText('Brücke');
  await page.keyboard.press('F2');
  await page.keyboard.type('Zugbrücke');
  await page.keyboard.press('Enter');
  await expectRows(grid, ['Zugbrücke', 'Chaussee', 'Angebot']);
  // The focus stays with its card, wherever that goes.
  await expect(focused).toContainText('Zugbrücke');

  await page.keyboard.press('End');
  await expect(focused).toHaveAttribute('data-column', 'due');
  await page.keyboard.press('Enter');
  await expect(grid.locator('input[type=date]')).toBeFocused();
  // How it is typed is the browser's business.
  await grid.locator('input[type=date]').fill('2026-12-24');
  await page.keyboard.press('Enter');
  await expect(focused).toHaveText('24. Dez.');

  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const dialog = anna.view.getByRole('dialog', { name: 'Zugbrücke' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(focused).toHaveAttribute('data-column', 'number');
  await page.keyboard.press('Shift+F10');
  await anna.view.getByRole('menuitem', { name: 'Löschen' }).focus();
  await page.keyboard.press('Enter');
  await expectRows(grid, ['Chaussee', 'Angebot']);
  await expect(focused).toHaveAttribute('role', 'gridcell');
  await page.keyboard.press('Control+z');
  await expectRows(grid, ['Zugbrücke', 'Chaussee', 'Angebot']);
});

test('a filter holds in every view', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Möbel', 'Grundriss'] } });
  await room.seat.addCard('Vertrag', 'done', { due: '2026-01-02', labels: ['Recht'] });
  await room.seat.addCard('Mahnung', 'open', { due: '2026-01-02', labels: ['Recht'] });
  const anna = await (await stage.inElement(room, room.anna, { language: 'en' })).opened();
  const { view, page } = anna;
  const text = view.getByRole('searchbox', { name: en.filterText });
  await text.fill('MOEBEL');
  await anna.expectCards('Offen', ['Möbel']);
  const grid = await openTable(anna, en.viewTable);
  await expectRows(grid, ['Möbel']);
  await text.fill('');
  await view.getByRole('button', { name: en.filterMore }).click();
  await view.getByRole('radio', { name: en.filterDueOverdue }).check();
  await page.keyboard.press('Escape');
  await expectRows(grid, ['Mahnung']);
  await view.getByRole('button', { name: en.filterMoreOn(1) }).click();
  await view.getByRole('radio', { name: en.filterDueAny }).check();
  await anna.pick(view.getByRole('combobox', { name: en.filterLabelAdd }), 'Recht');
  await page.keyboard.press('Escape');
  await expectRows(grid, ['Mahnung', 'Vertrag']);
  await view.getByRole('button', { name: en.filterClear }).click();
  await expect(grid.getByRole('row')).toHaveCount(5);
});

for (const theme of ['light', 'dark']) {
  test(`axe: the table and the filter, ${theme}`, async ({ stage }) => {
    const room = await stage.room({ cards: { open: ['Angebot'] } });
    await room.seat.addCard('Mahnung', 'open', {
      due: '2026-01-02',
      labels: ['Recht'],
      assignees: [room.anna.id],
    });
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    const { page, view } = anna;
    const grid = await openTable(anna);
    await expectRows(grid, ['Angebot', 'Mahnung']);
    await expectAccessible(page, 'table');
    await grid
      .getByRole('row', { name: /Mahnung/ })
      .locator('[data-column=column]')
      .click();
    await expect(grid.getByRole('combobox')).toBeFocused();
    await expectAccessible(page, 'editing a cell');
    await page.keyboard.press('Escape');
    await grid
      .getByRole('row', { name: /Mahnung/ })
      .locator('[data-column=labels]')
      .click();
    await expect(view.getByRole('dialog', { name: 'Schlagwörter' })).toBeVisible();
    await expectAccessible(page, 'labels');
    await page.keyboard.press('Escape');
    await expect(view.getByRole('dialog', { name: 'Schlagwörter' })).toBeHidden();
    await view.getByRole('button', { name: 'Weitere Filter' }).click();
    await expect(view.getByRole('dialog', { name: 'Weitere Filter' })).toBeVisible();
    await expectAccessible(page, 'filter');
  });
}

import type { Locator } from '@playwright/test';
import { de } from '../src/text/de';
import { addDays, showDay, today } from '../src/text/dates';
import { expectAccessible } from './support/axe';
import type { Board } from './support/board';
import { expect, test } from './support/story';

// Whatever dragging does goes without it, too (WCAG 2.2, 2.5.7).

const day = today();

function said(days: number): string {
  return showDay(addDays(day, days), 'de', day);
}

async function show(board: Board, view: string): Promise<void> {
  await board.view
    .getByRole('group', { name: 'Ansicht' })
    .getByRole('button', { name: view })
    .click();
}

function datesOf(board: Board, title: string): Locator {
  return board.view.getByRole('button', { name: de.datesMenu(title), exact: true });
}

for (const theme of ['light', 'dark']) {
  test(`dates are changed by menu in calendar and timeline, ${theme}`, async ({ stage }) => {
    const room = await stage.room({ cards: { open: ['Irgendwann'] } });
    await room.seat.addCard('Umzug', 'open', { start: addDays(day, -1), due: addDays(day, 1) });
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    const { view, page } = anna;
    await show(anna, 'Kalender');

    // By mouse alone.
    await anna.face('Umzug').first().hover();
    await anna.choose(datesOf(anna, 'Umzug').first(), de.datesDayLater);
    await expect(anna.toast(de.didDate('Umzug', said(2)))).toBeVisible();
    await expect(anna.face('Umzug').first()).toBeFocused();

    // By keyboard alone, to where the calendar has to turn the page.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(view.getByRole('menuitem', { name: de.datesDayLater })).toBeFocused();
    await expectAccessible(page, 'menu of dates');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const dialog = view.getByRole('dialog', { name: de.datesTitle('Umzug') });
    const due = dialog.getByLabel(de.dialogDue);
    await expect(dialog.getByLabel(de.start, { exact: true })).toBeFocused();
    await due.fill(addDays(day, -5));
    await expect(dialog.getByRole('alert')).toHaveText(de.datesWrong);
    await expectAccessible(page, 'dates that do not fit');
    await due.fill(addDays(day, 70));
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(anna.toast(de.didDate('Umzug', said(70)))).toBeVisible();
    await expect(anna.face('Umzug').first()).toBeFocused();

    await anna.choose(datesOf(anna, 'Irgendwann'), de.datesTomorrow);
    await expect(anna.toast(de.didDate('Irgendwann', said(1)))).toBeVisible();

    await show(anna, 'Zeitachse');
    const bar = view.getByRole('button', { name: de.timelineDue('Irgendwann', said(1)) });
    await expect(bar).toBeVisible();
    await expectAccessible(page, 'timeline');
    await anna.choose(datesOf(anna, 'Irgendwann'), de.datesWeekEarlier);
    await expect(
      view.getByRole('button', { name: de.timelineDue('Irgendwann', said(-6)) }),
    ).toBeFocused();
    await anna.choose(datesOf(anna, 'Irgendwann'), de.dialogDueClear);
    await expect(view.getByText(de.timelineUndated(1))).toBeVisible();
  });
}

test('a card gets into another lane by its menu', async ({ stage }) => {
  const room = await stage.room({ colleagues: ['Jonas Weber'] });
  const jonas = room.colleagues[0] ?? room.anna;
  await room.seat.addCard('Angebot', 'open', { assignees: [room.anna.id, jonas.id] });
  await room.seat.addCard('Termin', 'open');
  await room.seat.do('board.edit', { board: 'main', lanes: 'assignee' });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const { view, page } = anna;
  const cell = (name: string): Locator =>
    view.getByRole('list', { name }).locator('[data-card-face] > span:first-child');
  const moved = async (card: Locator, lane: string, column: string): Promise<void> => {
    await card.getByRole('button', { name: /^Aktionen für/ }).focus();
    await page.keyboard.press('Enter');
    await expect(view.getByRole('menuitem', { name: 'Öffnen' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = view.getByRole('dialog', { name: /verschieben$/ });
    await dialog.getByLabel('Spalte').selectOption(column);
    await dialog.getByLabel('Bahn').selectOption(lane);
    await expect(dialog.getByLabel('Position')).toHaveCount(0);
    await expectAccessible(page, 'moving to a lane');
    await dialog.getByRole('button', { name: 'Verschieben' }).press('Enter');
  };
  await expect(cell('Jonas Weber: Offen')).toHaveText(['Angebot']);

  // Of two people it is Jonas’s no more, in whose lane it was asked for; Anna keeps it.
  const his = view.getByRole('region', { name: /^Jonas Weber/ });
  await moved(his.locator('[data-card-id]'), 'Anna Petersen', 'In Arbeit');
  await expect(cell('Anna Petersen: In Arbeit')).toHaveText(['Angebot']);
  await expect(cell('Jonas Weber: Offen')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(cell('Jonas Weber: Offen')).toHaveText(['Angebot']);
  await moved(anna.card('Termin'), 'Jonas Weber', 'Offen');
  await expect(cell('Jonas Weber: Offen')).toHaveText(['Angebot', 'Termin']);
  // The end of the column is still a choice within the lane.
  await anna.choose(anna.cardMenu('Termin'), 'Verschieben nach…');
  await view.getByRole('dialog').getByRole('button', { name: 'Verschieben' }).click();
  await expect(cell('Jonas Weber: Offen')).toHaveText(['Termin', 'Angebot']);
});

import type { Locator, Page } from '@playwright/test';
import { de } from '../src/text/de';
import { addDays, showDay, today } from '../src/text/dates';
import { weekOf } from '../src/board/days';
import { expectAccessible } from './support/axe';
import type { Board } from './support/board';
import { expect, test } from './support/story';

async function show(board: Board, view: string): Promise<void> {
  await board.view
    .getByRole('group', { name: 'Ansicht' })
    .getByRole('button', { name: view })
    .click();
}

/** A Wednesday in two weeks: whatever moves by a day stays in sight, and no date has a name. */
function midweek(): string {
  return addDays(weekOf(today(), 'de-DE'), 16);
}

function said(day: string): string {
  return showDay(day, 'de');
}

async function dragTo(page: Page, what: Locator, to: { x: number; y: number }): Promise<void> {
  const box = await what.boundingBox();
  if (!box) throw new Error('this cannot be seen');
  const { mouse } = page;
  await mouse.move(box.x + Math.min(30, box.width / 2), box.y + box.height / 2);
  await mouse.down();
  await mouse.move(box.x + Math.min(30, box.width / 2) + 8, box.y + box.height / 2, { steps: 3 });
  await mouse.move(to.x, to.y, { steps: 8 });
  await mouse.up();
}

async function middle(what: Locator): Promise<{ x: number; y: number }> {
  const box = await what.boundingBox();
  if (!box) throw new Error('this cannot be seen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('in the calendar a card is dragged to another day, by mouse and by keyboard', async ({
  stage,
}) => {
  const room = await stage.room({ colleagues: ['Jonas Weber'], cards: { open: ['Irgendwann'] } });
  const day = midweek();
  await room.seat.addCard('Angebot', 'open', { due: day });
  await room.seat.addCard('Umzug', 'open', { start: addDays(day, -1), due: addDays(day, 1) });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const jonas = await (await stage.inElement(room, room.colleagues[0] ?? room.anna)).opened();
  const { view, page } = anna;
  await show(anna, 'Kalender');
  // The weeks of a month are equally high, with cards or without.
  await expect(view.locator('time[aria-current=date]')).toBeVisible();
  await expect(async () => {
    const weeks = await view.getByRole('region', { name: /^Woche ab/ }).all();
    const heights = await Promise.all(
      weeks.map((week) => week.evaluate((e) => Math.round(e.getBoundingClientRect().height))),
    );
    expect(weeks.length).toBeGreaterThan(3);
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
  }).toPass();
  await view.getByRole('button', { name: 'Woche', exact: true }).click();
  await expect(view.locator('time[aria-current=date]')).toBeVisible();
  await view.getByRole('button', { name: 'Später' }).click();
  await view.getByRole('button', { name: 'Später' }).click();
  const cell = (of: string): Locator => view.locator(`[data-day="${of}"]`);

  await dragTo(page, anna.face('Angebot'), await middle(cell(addDays(day, 2))));
  await expect(anna.toast(de.didDate('Angebot', said(addDays(day, 2))))).toBeVisible();
  await expect(jonas.card('Angebot')).toContainText(said(addDays(day, 2)));

  // What takes several days keeps as many.
  await dragTo(page, anna.face('Umzug'), await middle(cell(addDays(day, 3))));
  await expect(jonas.card('Umzug')).toContainText(said(addDays(day, 3)));
  const wide = await anna.card('Umzug').boundingBox();
  const one = await cell(day).boundingBox();
  expect(Math.round((wide?.width ?? 0) / (one?.width ?? 1))).toBe(3);

  // Escape lets it lie where it was.
  const at = await middle(anna.face('Angebot'));
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  const to = await middle(cell(day));
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(view.getByRole('dialog')).toHaveCount(0);

  await anna.face('Angebot').focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(jonas.card('Angebot')).toContainText(said(addDays(day, 1)));
  await expect(anna.face('Angebot')).toBeFocused();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(jonas.card('Angebot')).toContainText(said(addDays(day, 8)));
  // The calendar follows, and so does the focus.
  await expect(anna.face('Angebot')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(view.getByRole('dialog', { name: 'Angebot' })).toBeVisible();
  await page.keyboard.press('Escape');

  const undated = view.getByRole('region', { name: 'Ohne Fälligkeit' });
  await dragTo(page, anna.face('Irgendwann'), await middle(cell(addDays(day, 7))));
  await expect(jonas.card('Irgendwann')).toContainText(said(addDays(day, 7)));
  await dragTo(page, anna.face('Irgendwann'), await middle(undated));
  await expect(undated).toContainText('Irgendwann');
  await expect(jonas.card('Irgendwann')).not.toContainText(said(addDays(day, 7)));
});

test('in the timeline bars are moved and drawn longer, by mouse and by keyboard', async ({
  stage,
}) => {
  const room = await stage.room({ colleagues: ['Jonas Weber'], cards: { open: ['Irgendwann'] } });
  const day = today();
  await room.seat.addCard('Umzug', 'open', { start: addDays(day, -2), due: addDays(day, 2) });
  await room.seat.addCard('Angebot', 'doing', { due: day, assignees: [room.anna.id] });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const { view, page } = anna;
  await show(anna, 'Zeitachse');
  await view.getByRole('button', { name: 'Tage', exact: true }).click();
  const bar = (name: string | RegExp): Locator => view.getByRole('button', { name });
  const width = 36;
  const span = (from: number, to: number): string =>
    de.timelineSpan('Umzug', said(addDays(day, from)), said(addDays(day, to)));
  await expect(bar(span(-2, 2))).toBeVisible();
  await expect(view.getByText(de.timelineUndated(1))).toBeVisible();

  const whole = await middle(bar(span(-2, 2)));
  await page.mouse.move(whole.x, whole.y);
  await page.mouse.down();
  await page.mouse.move(whole.x + 3 * width, whole.y, { steps: 8 });
  await page.mouse.up();
  await expect(bar(span(1, 5))).toBeVisible();

  const box = await bar(span(1, 5)).boundingBox();
  if (!box) throw new Error('no bar');
  await page.mouse.move(box.x + box.width - 2, whole.y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2 - 2 * width, whole.y, { steps: 8 });
  await page.mouse.up();
  await expect(bar(span(1, 3))).toBeVisible();

  await bar(span(1, 3)).focus();
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('+');
  await page.keyboard.press('<');
  await expect(bar(span(-1, 3))).toBeFocused();
  // All of it reached the others, and can be taken back step by step.
  await page.keyboard.press('Control+z');
  await expect(bar(span(0, 3))).toBeVisible();

  await view.getByRole('combobox', { name: 'Gruppieren' }).selectOption('Nach Person');
  await expect(view.getByRole('heading', { level: 3 })).toHaveText([
    /Anna Petersen/,
    /Nicht zugewiesen/,
  ]);
  await bar(/^Angebot/).click();
  await expect(view.getByRole('dialog', { name: 'Angebot' })).toBeVisible();
});

test('a saved view is shared, and shows the same to others', async ({ stage }) => {
  const room = await stage.room({ colleagues: ['Jonas Weber'], cards: { open: ['Möbel'] } });
  await room.seat.addCard('Mahnung', 'open', { due: '2026-01-02', labels: ['Recht'] });
  await room.seat.addCard('Antrag', 'doing', { due: '2026-01-01', labels: ['Recht'] });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const jonas = await (await stage.inElement(room, room.colleagues[0] ?? room.anna)).opened();
  await show(anna, 'Tabelle');
  const titles = (board: Board): Locator =>
    board.view.locator('[data-column=title] > span:first-child');
  await anna.view.getByRole('button', { name: 'Weitere Filter' }).click();
  await anna.view.getByRole('radio', { name: 'Überfällig' }).check();
  await anna.page.keyboard.press('Escape');
  await anna.view.getByRole('columnheader', { name: 'Titel' }).getByRole('button').click();
  await expect(titles(anna)).toHaveText(['Antrag', 'Mahnung']);

  await anna.view.getByRole('button', { name: 'Gespeicherte Ansichten' }).click();
  await anna.view.getByRole('textbox', { name: de.savedViewName }).fill('Überfälliges');
  await anna.page.keyboard.press('Enter');
  await expect(anna.toast(de.didSaveView('Überfälliges'))).toBeVisible();

  await jonas.view.getByRole('button', { name: 'Gespeicherte Ansichten' }).click();
  await jonas.view.getByRole('button', { name: 'Überfälliges', exact: true }).click();
  await expect(titles(jonas)).toHaveText(['Antrag', 'Mahnung']);

  // Saved again under the same name it is replaced.
  await anna.view.getByRole('button', { name: 'Filter aufheben' }).click();
  await anna.view.getByRole('button', { name: 'Gespeicherte Ansichten' }).click();
  await anna.view.getByRole('textbox', { name: de.savedViewName }).fill('überfälliges');
  await expect(anna.view.getByText(de.savedViewReplaces)).toBeVisible();
  await anna.page.keyboard.press('Enter');
  await jonas.view.getByRole('button', { name: 'Gespeicherte Ansichten' }).click();
  await jonas.view.getByRole('button', { name: 'überfälliges', exact: true }).click();
  await expect(titles(jonas)).toHaveText(['Antrag', 'Mahnung', 'Möbel']);

  await anna.view.getByRole('button', { name: 'Gespeicherte Ansichten' }).click();
  await anna.view.getByRole('button', { name: de.savedViewRemove('überfälliges') }).click();
  await expect(anna.view.getByText(de.savedViewsNone)).toBeVisible();
  await anna.page.keyboard.press('Escape');
  await anna.toast(de.didRemoveView('überfälliges')).getByRole('button', { name: de.undo }).click();
  await jonas.view.getByRole('button', { name: 'Gespeicherte Ansichten' }).click();
  await expect(jonas.view.getByRole('button', { name: 'überfälliges', exact: true })).toBeVisible();
});

test('a saved view is renamed, and leads to its board', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Möbel'] } });
  await room.seat.do('board.add', { board: 'jour-fixe', title: 'Jour fixe', template: 'meeting' });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const { view, page } = anna;
  const opener = view.getByRole('button', { name: 'Gespeicherte Ansichten' });
  const boards = view.getByRole('tablist', { name: 'Boards dieses Raums' });
  const tab = (name: string): Locator => boards.getByRole('tab', { name });
  await tab('Jour fixe').click();
  await show(anna, 'Tabelle');
  await opener.click();
  await view.getByRole('textbox', { name: de.savedViewName }).fill('Tagesordnung');
  await page.keyboard.press('Enter');
  await show(anna, 'Board');
  await opener.click();
  await view.getByRole('textbox', { name: de.savedViewName }).fill('Alles');
  await page.keyboard.press('Enter');

  await tab('Board').click();
  await opener.click();
  await view.getByRole('button', { name: de.savedViewRename('Tagesordnung') }).click();
  const field = view.getByRole('textbox', { name: de.savedViewRename('Tagesordnung') });
  await expect(field).toBeFocused();
  await expectAccessible(page, 'renaming a view');
  await page.keyboard.type('alles');
  await expect(view.getByText(de.savedViewTaken)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(
    view.getByRole('button', { name: de.savedViewRename('Tagesordnung') }),
  ).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Themen');
  await page.keyboard.press('Enter');
  await expect(view.getByRole('button', { name: 'Themen Jour fixe', exact: true })).toBeVisible();

  // Opened from another board it shows its own.
  await view.getByRole('button', { name: 'Themen Jour fixe', exact: true }).click();
  await expect(tab('Jour fixe')).toHaveAttribute('aria-selected', 'true');
  await expect(view.getByRole('columnheader', { name: 'Titel' })).toBeVisible();
});

for (const theme of ['light', 'dark']) {
  test(`axe: calendar, timeline and saved views, ${theme}`, async ({ stage }) => {
    const room = await stage.room({ cards: { open: ['Irgendwann'] } });
    const day = today();
    await room.seat.addCard('Mahnung', 'open', { due: addDays(day, -1), priority: 'urgent' });
    await room.seat.addCard('Umzug', 'open', { start: day, due: addDays(day, 3) });
    await room.seat.addCard('Heute', 'doing', { due: day });
    await room.seat.addCard('Fertig', 'done', { due: day });
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    const { page, view } = anna;
    await show(anna, 'Kalender');
    await expect(anna.face('Umzug').first()).toBeVisible();
    await expectAccessible(page, 'month');
    await page.screenshot({ path: test.info().outputPath(`month-${theme}.png`) });
    await view.getByRole('button', { name: 'Woche', exact: true }).click();
    await expectAccessible(page, 'week');
    await show(anna, 'Zeitachse');
    await expect(view.getByRole('button', { name: /^Umzug/ })).toBeVisible();
    await expectAccessible(page, 'timeline');
    await page.screenshot({ path: test.info().outputPath(`timeline-${theme}.png`) });
    await view.getByRole('button', { name: 'Gespeicherte Ansichten' }).click();
    await expect(view.getByRole('dialog', { name: 'Gespeicherte Ansichten' })).toBeVisible();
    await expectAccessible(page, 'saved views');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 320, height: 640 });
    await show(anna, 'Kalender');
    await expect(view.getByRole('heading', { level: 3 }).first()).toBeVisible();
    await expectAccessible(page, 'days on a phone');
  });
}

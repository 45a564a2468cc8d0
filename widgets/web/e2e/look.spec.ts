import type { Locator } from '@playwright/test';
import { expect, test } from './support/story';
import type { Board } from './support/board';
import { Person } from './support/matrix';
import { theWorld } from './world/world';

/** How light a colour of the page is, from 0 to 255. */
async function lightness(place: Locator): Promise<number> {
  return place.evaluate((element) => {
    const [red = 0, green = 0, blue = 0] = (
      getComputedStyle(element).backgroundColor.match(/\d+(\.\d+)?/g) ?? []
    ).map(Number);
    return (red + green + blue) / 3;
  });
}

test('theme and language are those of the chat client, and follow it', async ({ stage }) => {
  const room = await stage.room({ language: 'en', cards: { open: ['Get an offer'] } });
  const look = { theme: 'dark', language: 'en' };
  const anna = await (await stage.inElement(room, room.anna, look)).opened();
  const html = anna.view.locator('html');
  const body = anna.view.locator('body');
  await expect(html).toHaveAttribute('lang', 'en');
  await expect(anna.view.getByRole('button', { name: 'Add card to Offen' })).toBeVisible();
  await expect.poll(() => lightness(body)).toBeLessThan(60);
  await anna.page.screenshot({ path: test.info().outputPath('dark-en.png') });

  await anna.page.evaluate(() => window.host?.setTheme('light'));
  await expect.poll(() => lightness(body)).toBeGreaterThan(200);
  await anna.page.evaluate(() => window.host?.setTheme('dark'));
  await expect.poll(() => lightness(body)).toBeLessThan(60);
});

/** Things that must not lie on each other. */
async function expectApart(places: readonly Locator[]): Promise<void> {
  // One box is asked for after the other, and what comes late may push the rest aside in between.
  await expect(async () => {
    const boxes: { name: string; x: number; y: number; width: number; height: number }[] = [];
    for (const place of places) {
      for (const one of await place.all()) {
        const box = await one.boundingBox();
        if (box && box.width > 0 && box.height > 0) {
          boxes.push({ name: await one.evaluate((e) => e.outerHTML.slice(0, 120)), ...box });
        }
      }
    }
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const overlap =
          a.x + a.width > b.x + 1 &&
          b.x + b.width > a.x + 1 &&
          a.y + a.height > b.y + 1 &&
          b.y + b.height > a.y + 1;
        expect(overlap, `${a.name} lies on ${b.name}`).toBe(false);
      }
    }
  }).toPass();
}

/** Columns stand side by side and scroll; all else fits into the width and stays where it is. */
async function expectFits(board: Board): Promise<void> {
  const width = board.page.viewportSize()?.width ?? 0;
  const fixed = board.view.locator('body > div > div > header, [role=dialog], [data-tone]');
  for (const place of [...(await fixed.all()), ...(await board.view.locator('section').all())]) {
    const box = await place.boundingBox();
    if (!box) continue;
    expect(box.width, await place.evaluate((e) => e.outerHTML.slice(0, 120))).toBeLessThanOrEqual(
      width,
    );
  }
  if ((await board.view.getByRole('dialog').count()) > 0) return; // what is behind it stands still
  const row = board.view.getByRole('heading', { level: 1 });
  const scrolled = (): Promise<number> => board.page.evaluate(() => window.scrollX);
  await board.page.evaluate(() => {
    window.scrollTo(0, 0);
  });
  const before = (await row.boundingBox())?.x;
  await board.page.mouse.wheel(200, 0);
  await expect.poll(scrolled).toBeGreaterThan(0);
  await expect.poll(async () => (await row.boundingBox())?.x).toBe(before);
}

test('everything can be used at a width of 320 pixels', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot für Möbel einholen'] } });
  const device = { viewport: { width: 320, height: 640 }, hasTouch: true };
  const mia = await (await stage.byLink(room, room.mia, { device })).opened();
  await expectFits(mia);
  await expectApart([mia.view.locator('header').first().locator('h1, button, input, select')]);
  await expectApart([mia.column('Offen').locator('header').locator('h2, button')]);
  await mia.page.screenshot({ path: test.info().outputPath('narrow.png') });

  await mia.view.getByRole('button', { name: 'Filter', exact: true }).click();
  const search = mia.view.getByRole('searchbox', { name: 'Karten filtern' });
  await search.fill('gibt es nicht');
  await expect(mia.view.getByText('Keine Karte passt zum Filter.')).toBeVisible();
  await expectFits(mia);
  await mia.page.screenshot({ path: test.info().outputPath('narrow-filter.png') });
  // Hidden again, the bar still says that it hides cards.
  const toggle = mia.view.getByRole('button', { name: 'Filter, aktiv' });
  await toggle.click();
  await expect(search).toBeHidden();
  await toggle.click();
  await mia.view.getByRole('button', { name: 'Filter aufheben' }).click();
  await expect(toggle).toHaveCount(0);

  await mia.add('Offen', 'Schmal');
  const dialog = await mia.open('Schmal');
  await expectFits(mia);
  const wide = await dialog.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
  expect(wide, 'the dialog scrolls sideways').toBe(false);
  await mia.page.screenshot({ path: test.info().outputPath('narrow-dialog.png') });
  await dialog.getByRole('textbox', { name: 'Titel' }).fill('Schmal und lang');
  await mia.close(mia.view.getByRole('dialog'));
  await mia.choose(mia.cardMenu('Schmal und lang'), 'Verschieben nach…');
  const move = mia.view.getByRole('dialog');
  await move.getByLabel('Spalte').selectOption({ label: 'Erledigt' });
  await mia.page.screenshot({ path: test.info().outputPath('narrow-move.png') });
  await move.getByRole('button', { name: 'Verschieben' }).click();
  // What is said about that leaves the next dialog's buttons free; it does not stay for long.
  await mia.choose(mia.cardMenu('Schmal und lang'), 'Verschieben nach…');
  await expect(mia.view.locator('[data-tone]').first()).toBeVisible();
  await expectApart([mia.view.locator('[data-tone]'), move.getByRole('button')]);
  await mia.page.keyboard.press('Escape');
  await expect(move).toBeHidden();
  await mia.expectCards('Erledigt', ['Schmal und lang']);
  await expectFits(mia);
});

/** What a place is marked by where the browser chooses the colours: its outline and its fill. */
async function marksOf(place: Locator): Promise<{ outline: string; fill: string }> {
  return place.evaluate((element) => {
    const style = getComputedStyle(element);
    return { outline: style.outlineStyle, fill: style.backgroundColor };
  });
}

test('in forced colours focus, choice and what is dragged are still marked', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const device = { forcedColors: 'active' } as const;
  const anna = await (await stage.inElement(room, room.anna, { device })).opened();
  await anna.face('Angebot einholen').focus();
  await anna.page.keyboard.press('Space');
  await expect(anna.card('Angebot einholen')).toHaveAttribute('data-lifted', '');
  expect((await marksOf(anna.card('Angebot einholen'))).outline).toBe('solid');
  const list = anna.listOf({ endOf: 'Offen' });
  await expect(list).toHaveAttribute('data-over', '');
  expect((await marksOf(list)).outline).toBe('dashed');
  await anna.page.screenshot({ path: test.info().outputPath('forced-lifted.png') });
  await anna.page.keyboard.press('Escape');

  const dialog = await anna.open('Angebot einholen');
  await dialog.getByRole('button', { name: 'Morgen' }).click();
  const month = dialog.getByRole('spinbutton', { name: /Monat/ });
  await month.focus();
  await expect(month).toHaveAttribute('data-focused', 'true');
  expect((await marksOf(month)).outline).toBe('solid');
  await dialog.getByRole('button', { name: 'Datum auswählen' }).click();
  const chosen = anna.view.locator('[role=button][data-selected]');
  const other = anna.view.locator('[role=button][data-today]');
  expect((await marksOf(chosen)).fill).not.toBe((await marksOf(other)).fill);
  await anna.page.screenshot({ path: test.info().outputPath('forced-calendar.png') });
});

test('the example room of the demo looks as it should', async ({ stage }) => {
  const { amt, example } = theWorld();
  const anna = await Person.logIn(amt, example.user, example.password);
  const room = { id: example.room };
  for (const theme of ['light', 'dark']) {
    const board = await (await stage.inElement(room, anna, { theme })).opened();
    await expect(board.column('Offen').locator('[data-card-id]').first()).toBeVisible();
    await board.page.screenshot({ path: test.info().outputPath(`board-${theme}.png`) });
    await board.view.locator('[data-card-face]').first().click();
    await expect(board.view.getByRole('dialog')).toBeVisible();
    await expect(board.view.getByRole('dialog')).toHaveCSS('opacity', '1');
    await board.page.screenshot({ path: test.info().outputPath(`dialog-${theme}.png`) });
  }
});

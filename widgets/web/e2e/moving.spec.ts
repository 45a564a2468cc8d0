import type { Page } from '@playwright/test';
import type { Board } from './support/board';
import { expect, test } from './support/story';
import { Finger } from './support/finger';

const three = ['Angebot einholen', 'Grundriss abstimmen', 'Umzugswagen reservieren'];

/** What a screen reader says of the card that is being dragged. */
async function expectAnnounced(board: Board, text: string | RegExp): Promise<void> {
  await expect(board.view.locator('[id^="rfd-announcement"]')).toHaveText(text);
}

test('cards are dragged with the mouse, within a column and to another', async ({ stage }) => {
  const room = await stage.room({ cards: { open: three } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  await anna.drag('Umzugswagen reservieren', { onto: 'Angebot einholen' });
  await anna.expectCards('Offen', [
    'Umzugswagen reservieren',
    'Angebot einholen',
    'Grundriss abstimmen',
  ]);
  await anna.drag('Angebot einholen', { endOf: 'Erledigt' });
  await expect(anna.toast('„Angebot einholen“ nach Erledigt verschoben')).toBeVisible();
  await anna.expectCards('Offen', ['Umzugswagen reservieren', 'Grundriss abstimmen']);
  await anna.expectCards('Erledigt', ['Angebot einholen']);

  // And it stays so.
  const again = await (await stage.inElement(room, room.anna)).opened();
  await again.expectCards('Offen', ['Umzugswagen reservieren', 'Grundriss abstimmen']);
  await again.expectCards('Erledigt', ['Angebot einholen']);
});

test('Escape in the middle of a drag leaves the card where it was', async ({ stage }) => {
  const room = await stage.room({ cards: { open: three } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  await anna.face('Angebot einholen').focus();
  await anna.page.keyboard.press('Space');
  await expectAnnounced(anna, 'Angebot einholen aufgenommen, Position 1 von 3.');
  await anna.page.keyboard.press('ArrowDown');
  await anna.page.keyboard.press('Escape');
  await expectAnnounced(anna, 'Abgebrochen. Angebot einholen ist wieder an der alten Stelle.');
  await anna.expectCards('Offen', three);
});

test('cards are moved with the keyboard, and every step is announced in German', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: three, doing: ['Möbel'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const { keyboard } = anna.page;

  await anna.face('Angebot einholen').focus();
  await keyboard.press('Space');
  await expectAnnounced(anna, 'Angebot einholen aufgenommen, Position 1 von 3.');
  await keyboard.press('ArrowDown');
  await expectAnnounced(anna, 'Angebot einholen: Spalte Offen, Position 2 von 3.');
  await keyboard.press('ArrowRight');
  await expectAnnounced(anna, /^Angebot einholen: Spalte In Arbeit, Position [12] von 2\.$/);
  await keyboard.press('Space');
  await expectAnnounced(anna, 'Angebot einholen abgelegt.');
  await expect(anna.column('In Arbeit').locator('[data-card-id]')).toHaveCount(2);
  await expect(mia.column('In Arbeit').locator('[data-card-id]')).toHaveCount(2);
  await mia.expectCards('Offen', ['Grundriss abstimmen', 'Umzugswagen reservieren']);
  // The person goes on from the card that was moved.
  await expect(anna.face('Angebot einholen')).toBeFocused();
});

test('with the keyboard a card gets into an empty column, however high it is', async ({
  stage,
}) => {
  const high = 'Ein Titel, der über viele Zeilen geht. '.repeat(7).trim();
  const room = await stage.room({ cards: { open: [high] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  await anna.face(high).focus();
  await anna.page.keyboard.press('Space');
  await expectAnnounced(anna, /aufgenommen/);
  await anna.page.keyboard.press('ArrowRight');
  await expectAnnounced(anna, /Spalte In Arbeit, Position 1 von 1\.$/);
  await anna.page.keyboard.press('ArrowRight');
  await expectAnnounced(anna, /Spalte Erledigt, Position 1 von 1\.$/);
  await anna.page.keyboard.press('Space');
  await anna.expectCards('Erledigt', [high]);
});

test('“Verschieben nach…” moves a card without dragging', async ({ stage }) => {
  const room = await stage.room({ cards: { open: three, doing: ['Möbel'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  await anna.choose(anna.cardMenu('Grundriss abstimmen'), 'Verschieben nach…');
  const dialog = anna.view.getByRole('dialog', { name: '„Grundriss abstimmen“ verschieben' });
  await dialog.getByLabel('Spalte').selectOption({ label: 'In Arbeit' });
  await dialog.getByLabel('Position').selectOption({ label: 'Ganz unten' });
  await dialog.getByRole('button', { name: 'Verschieben' }).click();
  await anna.expectCards('In Arbeit', ['Möbel', 'Grundriss abstimmen']);
  await expect(anna.face('Grundriss abstimmen')).toBeFocused();

  await anna.choose(anna.cardMenu('Umzugswagen reservieren'), 'Eins nach oben');
  await anna.expectCards('Offen', ['Umzugswagen reservieren', 'Angebot einholen']);
});

test('a card at the end of a long column keeps the focus that moved it there', async ({
  stage,
}) => {
  const many = Array.from({ length: 75 }, (_, i) => `Vorgang ${String(i + 1)}`);
  const room = await stage.room({ cards: { open: many, doing: ['Möbel'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  for (const title of ['Möbel', 'Vorgang 1']) {
    await anna.choose(anna.cardMenu(title), 'Verschieben nach…');
    const dialog = anna.view.getByRole('dialog', { name: `„${title}“ verschieben` });
    await dialog.getByLabel('Spalte').selectOption({ label: 'Offen' });
    await dialog.getByLabel('Position').selectOption({ label: 'Ganz unten' });
    await dialog.getByRole('button', { name: 'Verschieben' }).click();
    await expect(anna.face(title)).toBeFocused();
    await expect(anna.face(title)).toBeInViewport();
    await anna
      .column('Offen')
      .locator('[data-rfd-droppable-id]')
      .evaluate((list) => {
        list.scrollTo({ top: 0 });
      });
  }

  // What a filter hides is nobody's neighbour.
  await anna.view.getByRole('searchbox', { name: 'Karten filtern' }).fill('Vorgang 7');
  await expect(anna.face('Vorgang 71')).toBeVisible();
  await anna.choose(anna.cardMenu('Vorgang 75'), 'Löschen');
  await expect(anna.face('Vorgang 74')).toBeFocused();
});

/** How far the columns are scrolled. */
async function scrolled(page: Page): Promise<number> {
  return page.evaluate(() => window.scrollX);
}

test('cards are dragged with a finger after a moment’s rest; a swipe only scrolls', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: three } });
  const tablet = { viewport: { width: 820, height: 700 }, hasTouch: true, isMobile: true };
  const mia = await (await stage.byLink(room, room.mia, { device: tablet })).opened();
  const finger = await Finger.on(mia.page);

  await finger.down(await mia.point({ onto: 'Angebot einholen' }));
  await expect(mia.card('Angebot einholen')).toHaveAttribute('data-lifted', '');
  await finger.moveTo(await mia.point({ endOf: 'In Arbeit' }));
  await expect(mia.listOf({ endOf: 'In Arbeit' })).toHaveAttribute('data-over', '');
  await finger.up();
  await mia.expectCards('In Arbeit', ['Angebot einholen']);
  await mia.expectCards('Offen', ['Grundriss abstimmen', 'Umzugswagen reservieren']);

  const start = await mia.point({ onto: 'Grundriss abstimmen' });
  await finger.swipe(start, { x: start.x - 150, y: start.y });
  await expect.poll(() => scrolled(mia.page)).toBeGreaterThan(0);
  await mia.expectCards('Offen', ['Grundriss abstimmen', 'Umzugswagen reservieren']);
});

test('on a phone a tap opens a card and a card reaches the next column', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: three } });
  const phone = { viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true };
  const mia = await (await stage.byLink(room, room.mia, { device: phone })).opened();
  await mia.face('Grundriss abstimmen').tap();
  const dialog = mia.view.getByRole('dialog', { name: 'Grundriss abstimmen' });
  await dialog.getByLabel('Spalte').selectOption({ label: 'Erledigt' });
  await mia.close(dialog);
  await mia.expectCards('Erledigt', ['Grundriss abstimmen']);

  const finger = await Finger.on(mia.page);
  await finger.down(await mia.point({ onto: 'Umzugswagen reservieren' }));
  await expect(mia.card('Umzugswagen reservieren')).toHaveAttribute('data-lifted', '');
  await finger.moveTo(await mia.point({ onto: 'Angebot einholen' }));
  await expectAnnounced(mia, 'Umzugswagen reservieren: Spalte Offen, Position 1 von 2.');
  await finger.up();
  await mia.expectCards('Offen', ['Umzugswagen reservieren', 'Angebot einholen']);
});

test('on a phone a finger drags cards and columns across the screen’s edge', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: three } });
  const phone = { viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true };
  const mia = await (await stage.byLink(room, room.mia, { device: phone })).opened();
  const finger = await Finger.on(mia.page);

  const start = await mia.point({ onto: 'Grundriss abstimmen' });
  await finger.down(start);
  await expect(mia.card('Grundriss abstimmen')).toHaveAttribute('data-lifted', '');
  // At the edge of the screen the page scrolls on, here to its end.
  await finger.moveTo({ x: 375, y: start.y });
  const end = mia.view.getByRole('button', { name: 'Spalte hinzufügen' });
  await expect(end).toBeInViewport({ ratio: 0.99 });
  await finger.moveTo({ x: 115, y: start.y });
  await expectAnnounced(mia, 'Grundriss abstimmen: Spalte Erledigt, Position 1 von 1.');
  await finger.up();
  await mia.expectCards('Erledigt', ['Grundriss abstimmen']);
  await mia.expectCards('Offen', ['Angebot einholen', 'Umzugswagen reservieren']);

  const title = await mia.titlePoint('Erledigt');
  await finger.down(title);
  await expect(mia.column('Erledigt')).toHaveAttribute('data-lifted', '');
  await finger.moveTo({ x: 15, y: title.y });
  await expect.poll(() => scrolled(mia.page)).toBe(0);
  await finger.moveTo({ x: 30, y: title.y });
  await expectAnnounced(mia, 'Erledigt: Position 1 von 3.');
  await finger.up();
  await mia.expectColumns(['Erledigt', 'Offen', 'In Arbeit']);
});

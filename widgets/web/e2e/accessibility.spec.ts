import { randomUUID } from 'node:crypto';
import { theWorld } from './world/world';
import { expectAccessible } from './support/axe';
import { Person } from './support/matrix';
import { expect, test } from './support/story';

for (const theme of ['light', 'dark']) {
  test(`axe: the example board, its dialogs and menus, ${theme}`, async ({ stage }) => {
    const { amt, example } = theWorld();
    const anna = await Person.logIn(amt, example.user, example.password);
    const board = await (await stage.inElement({ id: example.room }, anna, { theme })).opened();
    const { page, view } = board;
    await expect(view.locator('[data-card-id]').nth(5)).toBeVisible();
    await expectAccessible(page, 'board');

    await view
      .getByRole('button', { name: /^Aktionen für Spalte/ })
      .first()
      .click();
    await expect(view.getByRole('menu')).toBeVisible();
    await expectAccessible(page, 'column menu');
    await view.getByRole('menuitem', { name: 'Spalte entfernen' }).click();
    await expect(view.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'remove column');
    await view.getByRole('button', { name: 'Abbrechen' }).click();

    await view
      .locator('[data-card-id]')
      .first()
      .getByRole('button', { name: /^Aktionen für/ })
      .click();
    await expect(view.getByRole('menu')).toBeVisible();
    await expectAccessible(page, 'card menu');
    await view.getByRole('menuitem', { name: 'Verschieben nach…' }).click();
    await expect(view.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'move card');
    await view.getByRole('button', { name: 'Abbrechen' }).click();

    // A card with comments, people, labels and a date.
    await view.getByText('Angebot für Möbel einholen').click();
    const dialog = view.getByRole('dialog');
    await expect(
      dialog.getByRole('region', { name: 'Kommentare' }).getByRole('listitem'),
    ).toHaveCount(2);
    await expectAccessible(page, 'card');
    await dialog.getByRole('combobox', { name: 'Person hinzufügen' }).click();
    await expect(view.getByRole('listbox')).toBeVisible();
    await expectAccessible(page, 'suggestions');
    // Not with Escape: the list also closes by itself when the page scrolls, and Escape would then
    // close the dialog.
    await dialog.getByLabel('Titel').focus();
    await expect(view.getByRole('listbox')).toBeHidden();
    await dialog.getByRole('button', { name: 'Datum auswählen' }).click();
    await expect(view.getByRole('grid')).toBeVisible();
    await expectAccessible(page, 'calendar');
  });
}

test('axe: working on a board', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen', 'Grundriss'] } });
  const line = await stage.line();
  const anna = await (await stage.inElement(room, room.anna, { line })).opened();
  const { page, view } = anna;
  await view.getByRole('button', { name: 'Karte hinzufügen zu Offen' }).click();
  await expectAccessible(page, 'adding a card');
  await page.keyboard.type('Möbel');
  await page.keyboard.press('Enter');
  await expectAccessible(page, 'message');
  await page.keyboard.press('Escape');
  await view.getByRole('button', { name: 'Spalte hinzufügen' }).click();
  await expectAccessible(page, 'adding a column');
  await page.keyboard.press('Escape');
  await view.getByRole('button', { name: /sieht zu|sehen zu/ }).click();
  await expect(view.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'viewers');
  await page.keyboard.press('Escape');
  await expect(view.getByRole('dialog')).toBeHidden();
  await view.locator('[data-card-face]').first().press('Space');
  await expect(view.locator('[data-lifted]')).toHaveCount(1);
  await expectAccessible(page, 'a card in the air');
  await page.keyboard.press('Escape');
  line.cut();
  await anna.expectDown();
  await expectAccessible(page, 'without a connection');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe: signing in and the end of a session, ${colorScheme}`, async ({ stage }) => {
    const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
    const enter = await stage.page({ colorScheme });
    await enter.goto(theWorld().werkraum);
    await expect(enter.getByRole('textbox')).toBeVisible();
    await expectAccessible(enter, 'sign-in page');
    await enter.getByRole('textbox').fill('mia');
    await enter.keyboard.press('Enter');
    await expect(enter.getByRole('alert')).not.toBeEmpty();
    await expectAccessible(enter, 'sign-in page with an error');
    await enter.getByRole('textbox').fill(`@${randomUUID()}:nirgends.example`);
    await enter.keyboard.press('Enter');
    await expect(enter.getByRole('heading', { level: 1 })).toHaveText(
      'Sehen Sie in Ihre Nachrichten',
    );
    await expectAccessible(enter, 'link sent');

    await enter.goto(`${theWorld().werkraum}/#/link?token=used&lang=de`);
    await expect(enter.getByRole('heading', { level: 1 })).toHaveText('Das hat nicht geklappt');
    await expectAccessible(enter, 'link used');

    const mia = await (await stage.byLink(room, room.mia, { device: { colorScheme } })).opened();
    await room.setPowerToEdit(50);
    await expect(mia.view.getByText('Sie können lesen, aber nichts ändern')).toBeVisible();
    await expectAccessible(mia.page, 'read-only board');
    const dialog = await mia.open('Angebot einholen');
    await expectAccessible(mia.page, 'read-only card');
    await mia.close(dialog);
    await room.kick(room.mia, 'Projekt beendet');
    await expect(mia.view.getByRole('heading', { level: 1 })).toHaveText('Die Sitzung ist beendet');
    await expectAccessible(mia.page, 'ended');
  });
}

test('axe: a board without cards, and 320 pixels', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const device = { viewport: { width: 320, height: 640 } };
  const mia = await (await stage.byLink(room, room.mia, { device })).opened();
  await expectAccessible(mia.page, 'no cards');
  // She has done nothing yet.
  await mia.view.getByRole('button', { name: 'Rückgängig' }).click();
  await expect(mia.view.getByRole('alert').locator('[data-tone=refused]')).toBeVisible();
  await expectAccessible(mia.page, 'a refusal');
  await mia.add('Offen', 'Angebot einholen');
  await mia.view.getByRole('button', { name: 'Filter', exact: true }).click();
  await expectAccessible(mia.page, 'filter');
  await mia.open('Angebot einholen');
  await expectAccessible(mia.page, 'card');
});

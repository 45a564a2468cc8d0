import { expect, test } from './support/story';

test('columns are added, renamed, moved, marked and removed', async ({ stage }) => {
  const room = await stage.room({
    partner: true,
    cards: { open: ['Angebot einholen'], doing: ['Grundriss abstimmen', 'Möbel aussuchen'] },
  });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();

  await anna.view.getByRole('button', { name: 'Spalte hinzufügen' }).click();
  const field = anna.view.getByRole('textbox', { name: 'Titel der neuen Spalte' });
  await field.fill('Prüfung');
  await field.press('Enter');
  await field.press('Escape');
  await mia.expectColumns(['Offen', 'In Arbeit', 'Erledigt', 'Prüfung']);

  await anna.choose(anna.columnMenu('Prüfung'), 'Umbenennen');
  const title = anna.view.getByRole('textbox', { name: 'Titel der Spalte' });
  await title.fill('Beim Amtsleiter');
  await title.press('Enter');
  await mia.expectColumns(['Offen', 'In Arbeit', 'Erledigt', 'Beim Amtsleiter']);

  await anna.choose(anna.columnMenu('Beim Amtsleiter'), 'Nach links');
  const moved = ['Offen', 'In Arbeit', 'Beim Amtsleiter', 'Erledigt'];
  await mia.expectColumns(moved);
  await anna.expectColumns(moved);

  await anna.choose(anna.columnMenu('Beim Amtsleiter'), /Karten hier sind erledigt/);
  await expect(mia.column('Beim Amtsleiter').locator('header')).toContainText(
    'Karten hier sind erledigt',
  );

  // A column with cards asks where they go, and none is lost.
  await anna.choose(anna.columnMenu('In Arbeit'), 'Spalte entfernen');
  const dialog = anna.view.getByRole('dialog', { name: 'Spalte „In Arbeit“ entfernen' });
  await dialog.getByLabel('Wohin sollen ihre Karten?').selectOption({ label: 'Offen' });
  await dialog.getByRole('button', { name: 'Spalte entfernen' }).click();
  await expect(dialog).toBeHidden();
  const removed = anna.toast('Spalte „In Arbeit“ entfernt');
  await removed.hover(); // so that it stays
  const left = ['Offen', 'Beim Amtsleiter', 'Erledigt'];
  const cards = ['Angebot einholen', 'Grundriss abstimmen', 'Möbel aussuchen'];
  await mia.expectColumns(left);
  await mia.expectCards('Offen', cards);
  await anna.expectCards('Offen', cards);

  // And all of that can be taken back.
  await removed.getByRole('button', { name: 'Rückgängig' }).click();
  await mia.expectColumns(['Offen', 'In Arbeit', 'Beim Amtsleiter', 'Erledigt']);
  await mia.expectCards('In Arbeit', ['Grundriss abstimmen', 'Möbel aussuchen']);
});

test('a press that closes the field for a new column finds what it was meant for', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const device = { viewport: { width: 390, height: 760 } };
  const mia = await (await stage.byLink(room, room.mia, { device })).opened();
  await mia.view.getByRole('button', { name: 'Spalte hinzufügen' }).click();
  await expect(mia.view.getByRole('textbox', { name: 'Titel der neuen Spalte' })).toBeFocused();
  await mia.columnMenu('Erledigt').click();
  await expect(mia.view.getByRole('menu')).toBeVisible();
  await expect(mia.view.getByRole('textbox', { name: 'Titel der neuen Spalte' })).toBeHidden();
});

test('a column is dragged by its title, with mouse and keyboard', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  await anna.column('Offen').getByRole('button', { name: 'Offen', exact: true }).focus();
  await anna.page.keyboard.press('Space');
  await expect(anna.view.locator('[id^="rfd-announcement"]')).toHaveText(
    'Offen aufgenommen, Position 1 von 3.',
  );
  await anna.page.keyboard.press('ArrowRight');
  await expect(anna.view.locator('[id^="rfd-announcement"]')).toHaveText(
    'Offen: Position 2 von 3.',
  );
  await anna.page.keyboard.press('Space');
  await anna.expectColumns(['In Arbeit', 'Offen', 'Erledigt']);
  await anna.expectCards('Offen', ['Angebot einholen']);

  await anna.dragColumn('Erledigt', 'In Arbeit');
  await anna.expectColumns(['Erledigt', 'In Arbeit', 'Offen']);
});

test('the last column cannot be removed, with cards or without, and the page says why', async ({
  stage,
}) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  for (const title of ['In Arbeit', 'Erledigt']) {
    await anna.choose(anna.columnMenu(title), 'Spalte entfernen');
  }
  await anna.expectColumns(['Offen']);
  const dialog = anna.view.getByRole('dialog');
  const expectReason = async (): Promise<void> => {
    await anna.choose(anna.columnMenu('Offen'), 'Spalte entfernen');
    await expect(dialog).toContainText('Das ist die letzte Spalte.');
    await dialog.getByRole('button', { name: 'Schließen' }).click();
  };
  await expectReason();
  await anna.expectCards('Offen', ['Angebot einholen']);
  await anna.choose(anna.cardMenu('Angebot einholen'), 'Löschen');
  await anna.expectCards('Offen', []);
  await expectReason();
  await anna.expectColumns(['Offen']);
});

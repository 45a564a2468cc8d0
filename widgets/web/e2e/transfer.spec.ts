import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from './support/axe';
import type { Board } from './support/board';
import { linkSentTo } from './support/room';
import { expect, test } from './support/story';

const examples = join(import.meta.dirname, '..', '..', '..', 'bridges', 'importing', 'testdata');

/** Chooses from the menu for import and export. */
async function choose(board: Board, entry: RegExp): Promise<void> {
  await board.choose(
    board.view.getByRole('button', { name: 'Importieren und exportieren' }),
    entry,
  );
}

test('a board comes in from Trello, is looked at first, and goes with one step', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Schon da'] } });
  const anna = await (await stage.byLink(room, room.anna)).opened();
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await choose(anna, /Importieren/);
  const dialog = anna.view.getByRole('dialog', { name: 'Karten von anderswo übernehmen' });
  const file = dialog.getByLabel('Datei');

  // What is no export says so, and another file can be chosen.
  await file.setInputFiles({
    name: 'brief.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Sehr geehrte Damen und Herren,\n'),
  });
  await expect(dialog.getByRole('alert')).toContainText('Titel');
  await expect(dialog.getByRole('button', { name: 'Übernehmen' })).toBeDisabled();

  await file.setInputFiles(join(examples, 'trello.json'));
  await expect(dialog).toContainText('Trello: 5 Karten, 2 Spalten. Umzug Rathaus');
  await expect(dialog).toContainText('jonas_w');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'ftp://alt.example' })).toBeVisible();
  await expectAccessible(anna.page, 'the preview of an import');
  await anna.expectColumns(['Offen', 'In Arbeit', 'Erledigt']);
  await dialog.getByRole('button', { name: 'Übernehmen' }).click();
  await expect(dialog).toBeHidden();
  const said = anna.toast('5 Karten wurden übernommen.');
  await said.hover(); // so that it stays

  const all = ['Offen', 'In Arbeit', 'Erledigt', 'Zu tun', 'Erledigt'];
  await anna.expectColumns(all);
  await mia.expectColumns(all);
  await expect(mia.card('Kartons bestellen')).toBeVisible();
  await expect(mia.column('Zu tun')).toContainText('Angebot für Möbel einholen');
  await said.getByRole('button', { name: 'Rückgängig' }).click();
  await anna.expectColumns(['Offen', 'In Arbeit', 'Erledigt']);
  await mia.expectColumns(['Offen', 'In Arbeit', 'Erledigt']);
  await anna.expectCards('Offen', ['Schon da']);
});

test('a file becomes a board of its own, with the name that is wanted', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Schon da'] } });
  const anna = await (await stage.byLink(room, room.anna)).opened();
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await choose(anna, /Importieren/);
  const dialog = anna.view.getByRole('dialog', { name: 'Karten von anderswo übernehmen' });
  await dialog.getByLabel('Datei').setInputFiles(join(examples, 'trello.json'));
  const to = dialog.getByLabel('Auf welches Board?');
  await expect(to).toHaveValue('main');
  await expect(dialog.getByLabel('Titel des Boards')).toBeHidden();
  await to.selectOption('Ein neues Board');
  const title = dialog.getByLabel('Titel des Boards');
  await expect(title).toHaveValue('Umzug Rathaus');
  await expectAccessible(anna.page, 'an import into a new board');
  await title.fill('Umzug 2027');
  await title.press('Enter');
  await expect(dialog).toBeHidden();
  const said = anna.toast('5 Karten wurden übernommen.');
  await said.hover(); // so that it stays

  // Whoever imported it looks at it; the others see where it is.
  await anna.expectColumns(['Zu tun', 'Erledigt']);
  await expect(anna.view.getByRole('tab', { name: 'Umzug 2027', selected: true })).toBeVisible();
  await mia.expectColumns(['Offen', 'In Arbeit', 'Erledigt']);
  await mia.view.getByRole('tab', { name: 'Umzug 2027' }).click();
  await expect(mia.card('Kartons bestellen')).toBeVisible();
  await said.getByRole('button', { name: 'Rückgängig' }).click();
  await anna.expectColumns(['Offen', 'In Arbeit', 'Erledigt']);
  await mia.expectColumns(['Offen', 'In Arbeit', 'Erledigt']);
  await expect(mia.view.getByRole('tablist', { name: 'Boards dieses Raums' })).toHaveCount(0);

  // A table has no name of its own and no columns.
  await choose(anna, /Importieren/);
  await dialog.getByLabel('Datei').setInputFiles({
    name: 'Inventur 2026.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Titel;Fällig\nRegale zählen;2026-12-24\n'),
  });
  await to.selectOption('Ein neues Board');
  await expect(title).toHaveValue('Inventur 2026');
  await expect(dialog).toContainText('das Board bekommt die drei üblichen');
  await dialog.getByRole('button', { name: 'Übernehmen' }).click();
  await mia.view.getByRole('tab', { name: 'Inventur 2026' }).click();
  await mia.expectCards('Offen', ['Regale zählen']);

  // A file of several boards becomes as many.
  await choose(anna, /Importieren/);
  const items = ['Bau', 'Umzug'].flatMap((name, n) => [
    { id: name, kind: 'board', fields: { title: name, rank: `a${String(n)}` } },
    { id: `${name}-1`, kind: 'column', fields: { title: 'Zu tun', rank: 'a0', board: name } },
  ]);
  await dialog.getByLabel('Datei').setInputFiles({
    name: 'werkraum.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ format: 'werkraum', version: 1, items })),
  });
  await to.selectOption('Neue Boards, eines für jedes in der Datei');
  await expect(title).toBeHidden();
  await dialog.getByRole('button', { name: 'Übernehmen' }).click();
  await expect(anna.view.getByRole('tab', { name: 'Bau', selected: true })).toBeVisible();
  await expect(anna.view.getByRole('tab', { name: 'Umzug', exact: true })).toBeVisible();
});

test('the board is downloaded as a table, as everything, and as to-dos', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['=SUMME(A1)', 'Angebot einholen'] } });
  const anna = await (await stage.byLink(room, room.anna)).opened();
  for (const [entry, end, holds] of [
    [/Tabelle/, '.csv', "'=SUMME(A1)"],
    [/Alles/, '.json', '"format":"werkraum"'],
    [/Aufgaben/, '.ics', 'SUMMARY:Angebot einholen'],
  ] as const) {
    const saved = anna.page.waitForEvent('download');
    await choose(anna, entry);
    const download = await saved;
    expect(download.suggestedFilename()).toMatch(/^werkraum-\d{8}\./);
    expect(download.suggestedFilename().endsWith(end)).toBe(true);
    expect(await readFile(await download.path(), 'utf8')).toContain(holds);
    await expect(anna.toast('wurde heruntergeladen')).toBeVisible();
  }
});

test('a private link of “!export” downloads the board once', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const ask = (): Promise<string> => room.anna.say(room.id, '!export csv');
  await ask();
  const link = await linkSentTo(room.anna, ask);
  const page = await stage.page();
  const saved = page.waitForEvent('download');
  await page.goto(link);
  const download = await saved;
  expect(await readFile(await download.path(), 'utf8')).toContain('Angebot einholen');
  await expect(page.getByText('Angebot einholen')).toBeVisible();
});

test('who may only read can take along and bring nothing in', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await room.setPowerToEdit(50);
  await expect(mia.view.getByText('Sie können lesen, aber nichts ändern')).toBeVisible();
  await mia.view.getByRole('button', { name: 'Importieren und exportieren' }).click();
  await expect(mia.view.getByRole('menuitem', { name: /Importieren/ })).toBeDisabled();
  await expect(mia.view.getByRole('menuitem', { name: /Tabelle/ })).toBeEnabled();
});

for (const theme of ['light', 'dark']) {
  test(`axe: importing, ${theme}`, async ({ stage }) => {
    const room = await stage.room();
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    await choose(anna, /Importieren/);
    const dialog = anna.view.getByRole('dialog', { name: 'Karten von anderswo übernehmen' });
    const file = dialog.getByLabel('Datei');
    await expect(file).toBeAttached();
    await expectAccessible(anna.page, 'no file yet');
    await file.setInputFiles({
      name: 'brief.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Sehr geehrte Damen und Herren,\n'),
    });
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expectAccessible(anna.page, 'a file that is no export');
    await file.setInputFiles(join(examples, 'trello.json'));
    await dialog.getByLabel('Auf welches Board?').selectOption('Ein neues Board');
    await expect(dialog.getByLabel('Titel des Boards')).toHaveValue('Umzug Rathaus');
    await expectAccessible(anna.page, 'a board that would come in');
  });
}

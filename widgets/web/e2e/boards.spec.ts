import { expectAccessible } from './support/axe';
import { expect, test } from './support/story';

test('two boards, made after a template, archived and brought back', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const tabs = (who: typeof anna) =>
    who.view.getByRole('tablist', { name: 'Boards dieses Raums' }).getByRole('tab');

  // One board has no tabs; its menu makes another.
  await expect(tabs(anna)).toHaveCount(0);
  await anna.choose(
    anna.view.getByRole('button', { name: 'Aktionen für Board Board' }),
    'Neues Board …',
  );
  const dialog = anna.view.getByRole('dialog', { name: 'Neues Board' });
  await expect(dialog.getByRole('textbox', { name: 'Titel des Boards' })).toBeFocused();
  await anna.page.keyboard.type('Sitzung');
  await dialog.getByRole('radio', { name: 'Jour fixe' }).check();
  await expect(dialog.getByRole('region', { name: 'Vorschau' })).toContainText('Heute besprechen');
  await expectAccessible(anna.page, 'the dialog for a new board');
  await dialog.getByRole('button', { name: 'Hinzufügen' }).click();
  const meeting = [
    'Themen sammeln',
    'Heute besprechen',
    'Vereinbart',
    'Zurückgestellt',
    'Erledigt',
  ];
  await anna.expectColumns(meeting);
  await anna.expectCards('Heute besprechen', ['Eröffnung']);

  // The other person stays where they are, and finds it by the keyboard.
  await expect(tabs(mia)).toHaveText(['Board', 'Sitzung']);
  await mia.expectCards('Offen', ['Angebot einholen']);
  await tabs(mia).filter({ hasText: 'Board' }).focus();
  await mia.page.keyboard.press('ArrowRight');
  await expect(mia.view.getByRole('tab', { name: 'Sitzung' })).toBeFocused();
  await mia.expectColumns(meeting);
  await mia.add('Vereinbart', 'Aushang schreiben');
  await anna.expectCards('Vereinbart', [
    'Beispiel: Aushang zu geänderten Öffnungszeiten',
    'Aushang schreiben',
  ]);
  await expectAccessible(mia.page, 'a board with tabs');

  // Another person's board is put away: one is on the first again, and can take it back.
  const menu = anna.view.getByRole('button', { name: 'Aktionen für Board Sitzung' });
  await anna.choose(menu, 'Board archivieren');
  await expect(tabs(mia)).toHaveCount(0);
  await mia.expectCards('Offen', ['Angebot einholen']);
  await mia.choose(
    mia.view.getByRole('button', { name: 'Aktionen für Board Board' }),
    'Archiv und Vorlagen …',
  );
  const archive = mia.view.getByRole('dialog', { name: 'Archivierte Boards und Vorlagen' });
  await expectAccessible(mia.page, 'the archive of boards');
  await archive.getByRole('button', { name: 'Zurückholen: Sitzung' }).click();
  await mia.expectColumns(meeting);
  await expect(tabs(anna)).toHaveText(['Board', 'Sitzung']);
});

test('a column is limited, shown as too full, and then lets nothing more in', async ({ stage }) => {
  const room = await stage.room({
    partner: true,
    cards: { open: ['Drei'], doing: ['Eins', 'Zwei'] },
  });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const limit = async (most: string, strict: boolean): Promise<void> => {
    await anna.choose(anna.columnMenu('In Arbeit'), 'Karten begrenzen …');
    const dialog = anna.view.getByRole('dialog', { name: 'Karten in „In Arbeit“ begrenzen' });
    await dialog.getByLabel('Höchstens so viele Karten').fill(most);
    await dialog.getByLabel('Nicht mehr Karten zulassen').setChecked(strict);
    await dialog.getByRole('button', { name: 'Speichern' }).click();
    await expect(dialog).toBeHidden();
  };
  await limit('1', false);
  const head = mia.column('In Arbeit').locator('header');
  await expect(head).toContainText('2/1');
  await expect(head).toContainText('zu voll');
  await expectAccessible(mia.page, 'a column that is too full');
  await limit('2', true);
  await expect(head).toContainText('2/2');
  await expect(head).not.toContainText('zu voll');
  await mia.drag('Drei', { endOf: 'In Arbeit' });
  await expect(mia.toast('höchstens 2 Karten vorgesehen')).toBeVisible();
  await mia.expectCards('Offen', ['Drei']);
  await mia.expectCards('In Arbeit', ['Eins', 'Zwei']);
});

test('lanes show who has what, and a card changes hands in them', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen', 'Termin'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const menu = anna.view.getByRole('button', { name: 'Aktionen für Board Board' });
  await anna.choose(menu, 'Bahnen nach Priorität');
  for (const who of [anna, mia]) {
    await expect(who.view.getByRole('heading', { level: 3 })).toHaveText([
      /Dringend/,
      /Hoch/,
      /Normal/,
      /Niedrig/,
    ]);
  }
  // Lanes are closed and opened by the keyboard.
  const normal = mia.view.getByRole('button', { name: /^Normal/ });
  await normal.focus();
  await mia.page.keyboard.press('Enter');
  await expect(normal).toHaveAttribute('aria-expanded', 'false');
  await expect(mia.card('Termin')).toHaveCount(0);
  await mia.page.keyboard.press('Enter');
  await expectAccessible(mia.page, 'a board in lanes');

  // Dragged from one lane to another it gets that priority, and one press takes it back.
  const mouse = anna.page.mouse;
  const from = await middleOf(anna.face('Termin'));
  const into = anna.view.getByRole('list', { name: 'Hoch: Offen' }).locator('..');
  const to = await middleOf(into);
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x + 8, from.y + 8, { steps: 4 });
  await expect(anna.card('Termin')).toHaveAttribute('data-lifted', '');
  await mouse.move(to.x, to.y, { steps: 12 });
  await expect(into).toHaveAttribute('data-over', '');
  await mouse.move(to.x + 1, to.y + 1, { steps: 2 });
  await anna.twoFrames();
  await mouse.up();
  const high = mia.view.getByRole('list', { name: 'Hoch: Offen' });
  await expect(high.locator('[data-card-face] > span:first-child')).toHaveText(['Termin']);
  await anna.page.keyboard.press('Control+z');
  await expect(high.locator('[data-card-face]')).toHaveCount(0);
});

for (const theme of ['light', 'dark']) {
  test(`axe: tabs, dialogs and lanes of boards, ${theme}`, async ({ stage }) => {
    const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
    await room.seat.do('board.add', { board: 'jf', title: 'Jour fixe', template: 'meeting' });
    await room.seat.do('board.edit', { board: 'main', lanes: 'priority' });
    await room.seat.do('board.save', {
      board: 'jf',
      template: 'vorlage',
      title: 'Unser Jour fixe',
    });
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    const { page, view } = anna;
    const dialog = view.getByRole('dialog');
    await expect(view.getByRole('list', { name: 'Normal: Offen' })).toBeVisible();
    await expectAccessible(page, 'tabs and lanes');
    await view.getByRole('button', { name: 'Board hinzufügen' }).click();
    await dialog.getByRole('radio', { name: 'Unser Jour fixe' }).check();
    await expectAccessible(page, 'new board');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    const menu = view.getByRole('button', { name: 'Aktionen für Board Board' });
    for (const entry of ['Umbenennen …', 'Als Vorlage speichern …', 'Archiv und Vorlagen …']) {
      await anna.choose(menu, entry);
      await expect(dialog).toBeVisible();
      await expectAccessible(page, entry);
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    }
    await menu.click();
    await expect(view.getByRole('menu')).toBeVisible();
    await expectAccessible(page, 'menu of a board');
    await page.keyboard.press('Escape');
    await expect(view.getByRole('menu')).toBeHidden();
    for (const [opener, entry] of [
      [anna.columnMenu('Offen'), 'Karten begrenzen …'],
      [anna.cardMenu('Angebot einholen'), 'Verschieben nach…'],
    ] as const) {
      await anna.choose(opener, entry);
      await expect(dialog).toBeVisible();
      await expectAccessible(page, `${entry} in lanes`);
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
    }
    // Where there is no room for tabs there is a list.
    await page.setViewportSize({ width: 320, height: 640 });
    await expectAccessible(page, 'lanes on a phone');
    // Whoever looks at the last column still sees whose lane it is.
    const lane = view.getByRole('button', { name: /^Normal/ });
    const left = (await lane.boundingBox())?.x;
    await view.getByRole('main').hover();
    await page.mouse.wheel(600, 0);
    await expect(view.getByRole('list', { name: 'Normal: Erledigt' })).toBeInViewport();
    await expect.poll(async () => (await lane.boundingBox())?.x).toBe(left);
  });
}

async function middleOf(locator: import('@playwright/test').Locator) {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  if (!box) throw new Error('this cannot be seen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

import { join } from 'node:path';
import { furnish, showroomCast } from './support/showroom';
import { expect, test } from './support/story';

/** Takes the pictures of the handbook: into docs/images by `make pictures`, else only for a look. */
test('the pictures of the handbook', async ({ stage }) => {
  const folder = process.env.PICTURES ?? test.info().outputPath();
  const picture = (name: string): { path: string; animations: 'disabled' } => ({
    path: join(folder, `${name}.png`),
    animations: 'disabled',
  });
  const room = await stage.room(showroomCast);
  await furnish(room);
  const [jonas] = room.colleagues;
  if (!jonas) throw new Error('Jonas is missing');
  const device = { viewport: { width: 1120, height: 600 } };
  const board = await (await stage.byLink(room, room.anna, { device })).opened();
  const { page, view } = board;
  const show = async (name: string): Promise<void> => {
    await view.getByRole('group', { name: 'Ansicht' }).getByRole('button', { name }).click();
    await expect(view.getByRole('button', { name, pressed: true })).toBeVisible();
    // Nothing is marked that somebody only pressed.
    await view.locator('body').evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    await page.mouse.move(1110, 590);
  };
  await expect(board.card('Protokoll der ersten Baustellenbegehung')).toBeVisible();
  await expect(board.card('Angebot für Möbel einholen')).toContainText('1 Kommentar');
  await page.screenshot(picture('board'));

  const dialog = await board.open('Angebot für Möbel einholen');
  await expect(dialog.getByText('das dritte kommt bis Donnerstag')).toBeVisible();
  await expect(dialog.getByRole('link', { name: 'Rahmenvertrag' })).toBeVisible();
  await dialog.getByRole('heading', { level: 3 }).first().focus();
  await page.setViewportSize({ width: 820, height: 1180 });
  await dialog.screenshot(picture('card'));
  await page.setViewportSize(device.viewport);
  await board.close(dialog);

  await show('Kalender');
  await expect(board.face('Angebot für Möbel einholen').first()).toBeVisible();
  await page.screenshot(picture('calendar'));
  await show('Zeitachse');
  await expect(view.getByRole('button', { name: /^Angebot für Möbel/ })).toBeVisible();
  await page.screenshot(picture('timeline'));

  await room.seat.do('board.edit', { board: 'main', lanes: 'priority' });
  await show('Board');
  await expect(view.getByRole('list', { name: 'Hoch: In Arbeit' })).toBeVisible();
  await page.screenshot(picture('lanes'));
  await room.seat.do('board.edit', { board: 'main', lanes: '' });

  const phone = await (
    await stage.byLink(room, jonas, {
      device: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    })
  ).opened();
  await expect(phone.card('Umzugswagen reservieren')).toBeVisible();
  await phone.page.screenshot(picture('phone'));
});

import { join } from 'node:path';
import { Drawing } from './support/drawing';
import { furnish, showroomCast } from './support/showroom';
import { expect, test } from './support/story';

// Takes the pictures of the handbook.

/** A picture: in docs/images by `make pictures`, else only for a look. */
function picture(name: string): { path: string; animations: 'disabled' } {
  const folder = process.env.PICTURES ?? test.info().outputPath();
  return { path: join(folder, `${name}.png`), animations: 'disabled' };
}

test('the pictures of the handbook', async ({ stage }) => {
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

test('the pictures of the whiteboard', async ({ stage }) => {
  const room = await stage.room(showroomCast);
  const [jonas] = room.colleagues;
  if (!jonas) throw new Error('Jonas is missing');
  const device = { viewport: { width: 1120, height: 700 } };
  await room.seat.do('whiteboard.add', {
    whiteboard: 'beteiligte0123456789',
    title: 'Wer ist beteiligt?',
    template: 'stakeholders',
  });
  const anna = await Drawing.of(await (await stage.byLink(room, room.anna, { device })).opened());
  await anna.opened('Wer ist beteiligt?');
  const other = await Drawing.of(await (await stage.byLink(room, jonas, { device })).opened());
  await other.opened('Wer ist beteiligt?');
  const whole = async (who: Drawing): Promise<void> => {
    await who.view.locator('.excalidraw').first().press('Shift+1');
    await who.page.mouse.move(700, 300);
  };
  await whole(other);
  await whole(anna);
  await expect.poll(() => anna.colorAt(600, 160)).not.toEqual([255, 255, 255]);
  // Jonas points at something, and Anna sees where.
  const before = await anna.page.screenshot();
  await expect
    .poll(async () => {
      await other.page.mouse.move(590, 520);
      await other.page.mouse.move(600, 540);
      return before.equals(await anna.page.screenshot());
    })
    .toBe(false);
  await anna.page.mouse.move(1110, 690);
  await anna.page.screenshot(picture('whiteboard'));

  await anna.view.getByRole('button', { name: 'Gliederung' }).click();
  const outline = anna.view.getByRole('region', { name: 'Gliederung' });
  await expect(outline.getByText('Personalrat')).not.toHaveCount(0);
  await anna.page.screenshot(picture('outline'));
});

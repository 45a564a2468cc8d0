import { randomUUID } from 'node:crypto';
import { theWorld } from './world/world';
import { expectAccessible } from './support/axe';
import { linkSentTo } from './support/room';
import { expect, test } from './support/story';
import { Board } from './support/board';

test('a private link opens once; the tab that opened it survives a reload', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const link = await room.privateLink(room.mia);
  const page = await stage.page();
  await page.goto(link);
  const mia = await new Board(page, page).opened();
  await mia.expectCards('Offen', ['Angebot einholen']);
  expect(page.url(), 'the token is gone from the address').not.toContain('token');
  await page.reload();
  await mia.opened();
  await mia.expectCards('Offen', ['Angebot einholen']);

  const other = await stage.page();
  await other.goto(link);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Das hat nicht geklappt');
  await expect(other.getByRole('main')).toContainText('Dieser Link wurde schon benutzt');
  await expect(other.getByText('Angebot einholen')).toHaveCount(0);
  await other.getByRole('button', { name: 'Neuen Link anfordern' }).click();
  await expect(other.getByRole('textbox', { name: 'Ihre Matrix-ID' })).toBeVisible();
});

test('a used link opens nothing, whatever its tab had open before', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const [annas, mias] = await Promise.all([
    room.privateLink(room.anna),
    room.privateLink(room.mia),
  ]);
  const [home, shared] = [await stage.page(), await stage.page()];
  await home.goto(annas);
  await new Board(home, home).opened();
  await shared.goto(mias);
  await new Board(shared, shared).opened();

  await shared.goto(annas);
  await expect(shared.getByRole('main')).toContainText('Dieser Link wurde schon benutzt');
  await expect(shared.getByText('Angebot einholen')).toHaveCount(0);
  // Her own, in the tab that it has opened, still leads where it led.
  await shared.goto(mias);
  await (await new Board(shared, shared).opened()).expectCards('Offen', ['Angebot einholen']);
});

test('a link is not lost when the server could not be reached', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const page = await stage.page();
  const signIn = '**/api/v1/sessions/link';
  await page.route(signIn, (route) => route.abort());
  await page.goto(await room.privateLink(room.mia));
  await expect(page.getByRole('main')).toContainText('Der Server ist nicht erreichbar');
  await page.unroute(signIn);
  await page.getByRole('button', { name: 'Erneut versuchen' }).click();
  await (await new Board(page, page).opened()).expectCards('Offen', ['Angebot einholen']);
});

test('who signs out is out, in every tab of that session and nowhere else', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  room.seat.leave();
  const mia = await (await stage.byLink(room, room.mia)).opened();
  const [popup] = await Promise.all([
    mia.page.waitForEvent('popup'),
    mia.page.evaluate(() => {
      window.open(location.href); // the browser copies the tab's session
    }),
  ]);
  const copy = await new Board(popup, popup).opened();
  await anna.expectViewers(2);

  await mia.view.getByRole('button', { name: '2 Personen sehen zu' }).click();
  await expect(mia.view.getByRole('dialog')).toContainText('Mia Brandt (Sie)');
  await expectAccessible(mia.page, 'viewers, with signing out');
  await mia.view.getByRole('button', { name: 'Abmelden' }).click();
  const title = mia.view.getByRole('heading', { level: 1 });
  await expect(title).toHaveText('Sie sind abgemeldet');
  await expect(title).toBeFocused();
  await expectAccessible(mia.page, 'signed out');
  await expect(copy.view.getByRole('heading', { level: 1 })).toHaveText('Die Sitzung ist beendet');
  await expect(copy.view.getByRole('main')).toContainText('Sie haben sich abgemeldet');
  await anna.expectViewers(1);

  for (const page of [mia.page, copy.page]) {
    await page.reload();
    await expect(page.getByRole('main')).toBeVisible();
    await expect(page.getByText('Angebot einholen')).toHaveCount(0);
  }
  await expect(mia.page.getByRole('textbox', { name: 'Ihre Matrix-ID' })).toBeVisible();

  // Inside the chat client it is the client that one signs out of.
  await anna.view.getByRole('button', { name: '1 Person sieht zu' }).click();
  await expect(anna.view.getByRole('dialog')).toContainText('Anna Petersen (Sie)');
  await expect(anna.view.getByRole('button', { name: 'Abmelden' })).toHaveCount(0);
  await anna.page.keyboard.press('Escape');
  await anna.add('Offen', 'Weiter geht es');
});

test('who enters their Matrix ID is sent a link that opens the board', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const page = await stage.page();
  await page.goto(theWorld().werkraum);
  const field = page.getByRole('textbox', { name: 'Ihre Matrix-ID' });
  await field.fill('mia');
  await page.getByRole('button', { name: 'Link zusenden' }).click();
  await expect(page.getByRole('alert')).toHaveText(
    'Eine Matrix-ID sieht so aus: @name:beispiel.de',
  );
  await field.fill(room.mia.id);
  await field.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sehen Sie in Ihre Nachrichten');

  await page.goto(await linkSentTo(room.mia));
  const mia = await new Board(page, page).opened();
  await mia.expectCards('Offen', ['Angebot einholen']);
  await mia.add('Offen', 'Von unterwegs');
});

test('nobody learns from the page who is known', async ({ stage }) => {
  const page = await stage.page();
  await page.goto(theWorld().werkraum);
  await page
    .getByRole('textbox', { name: 'Ihre Matrix-ID' })
    .fill(`@${randomUUID()}:nirgends.example`);
  await page.getByRole('button', { name: 'Link zusenden' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sehen Sie in Ihre Nachrichten');
});

test('who refuses to say who they are is told what to do, and can try again', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const board = await stage.inElement(room, room.mia, { ask: true });
  const question = board.page.getByRole('dialog', { name: 'Identität prüfen' });
  await question.getByRole('button', { name: 'Ablehnen' }).click();
  await expect(board.view.getByRole('heading', { level: 1 })).toHaveText('Das hat nicht geklappt');
  await expect(board.view.getByRole('main')).toContainText('erlauben Sie dem Widget');
  await board.view.getByRole('button', { name: 'Erneut versuchen' }).click();
  await question.getByRole('button', { name: 'Fortfahren' }).click();
  await board.opened();
  await board.expectCards('Offen', ['Angebot einholen']);
});

test('who is not in the room does not get in, though their homeserver vouches for them', async ({
  stage,
}) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const elsewhere = await stage.room({ partner: true });
  // Her client shows a widget whose address names another room.
  const board = await stage.inElement(elsewhere, elsewhere.mia, { instead: room });
  await expect(board.view.getByRole('heading', { level: 1 })).toHaveText('Das hat nicht geklappt');
  await expect(board.view.getByRole('main')).toContainText('Sie müssen Mitglied sein');
  await expect(board.view.getByText('Angebot einholen')).toHaveCount(0);
});

test('the bot puts one widget into the room and pins it', async ({ stage }) => {
  const room = await stage.room();
  const board = await (await stage.inElement(room, room.anna)).opened();
  expect(await board.page.evaluate(() => window.host?.widgets)).toBe(1);
  const layout = await room.anna.event(
    (e) => e.room === room.id && e.type === 'io.element.widgets.layout',
    'the layout',
  );
  expect(layout.content).toMatchObject({ widgets: { 'de.werkraum': { container: 'top' } } });
});

import { Seat } from './support/seat';
import { expect, test } from './support/story';

test('with the line cut people work on, and nothing is lost or done twice', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const line = await stage.line();
  const anna = await (await stage.inElement(room, room.anna, { line })).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();

  line.cut();
  await anna.expectDown();
  await anna.add('Offen', 'Ohne Netz angelegt');
  await anna.drag('Angebot einholen', { endOf: 'In Arbeit' });
  await anna.expectCards('In Arbeit', ['Angebot einholen']);
  const dialog = await anna.open('Ohne Netz angelegt');
  await dialog.getByRole('button', { name: 'Beschreibung hinzufügen' }).click();
  await dialog.getByRole('textbox', { name: 'Beschreibung' }).fill('Im Zug geschrieben');
  await anna.close(dialog);
  await anna.expectUnsaved(3);
  await mia.add('Offen', 'Inzwischen von Mia');
  await mia.expectCards('In Arbeit', []);

  line.mend();
  await anna.expectSaved();
  for (const board of [anna, mia]) {
    await board.expectCards('Offen', ['Inzwischen von Mia', 'Ohne Netz angelegt']);
    await board.expectCards('In Arbeit', ['Angebot einholen']);
  }
  const later = await mia.open('Ohne Netz angelegt');
  await expect(later.getByRole('region', { name: 'Beschreibung' })).toContainText(
    'Im Zug geschrieben',
  );
});

test('a change whose answer got lost is sent again and done once', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const line = await stage.line();
  const anna = await (await stage.inElement(room, room.anna, { line })).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();

  line.swallowAnswers();
  await anna.add('Offen', 'Nur einmal, bitte');
  await mia.expectCards('Offen', ['Nur einmal, bitte']); // it did arrive
  await anna.expectUnsaved(1);
  line.cut();
  line.mend();
  await anna.expectSaved();
  await anna.expectCards('Offen', ['Nur einmal, bitte']);
  await anna.add('Offen', 'Und noch eine');
  await mia.expectCards('Offen', ['Nur einmal, bitte', 'Und noch eine']);
});

test('a browser that goes offline says so and comes back by itself', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const mia = await (await stage.inElement(room, room.mia)).opened();
  // Only what is there beforehand is read aloud when something is said in it.
  const header = mia.view.locator('header');
  const regions = await header.locator('[role=status]').count();
  await expect(header.getByRole('status')).toHaveCount(regions);
  await mia.page.context().setOffline(true);
  await mia.add('Offen', 'Im Funkloch');
  await mia.expectUnsaved(1);
  await mia.page.context().setOffline(false);
  await mia.expectSaved();
  const anna = await (await stage.inElement(room, room.anna)).opened();
  await anna.expectCards('Offen', ['Im Funkloch']);
});

test('a change that is refused goes back, and the page says why', async ({ stage }) => {
  const room = await stage.room({
    colleagues: ['Jonas Lindner'],
    cards: { open: ['Angebot einholen'] },
  });
  const [jonas] = room.colleagues;
  if (!jonas) throw new Error('no colleague');
  const line = await stage.line();
  const board = await (await stage.inElement(room, jonas, { line })).opened();
  line.cut();
  await board.drag('Angebot einholen', { endOf: 'In Arbeit' });
  await board.expectCards('In Arbeit', ['Angebot einholen']);
  // Meanwhile he has lost the right.
  await room.setPowerToEdit(50);
  const seat = await Seat.take(jonas, room.id);
  await expect
    .poll(() => seat.do('card.done', { card: 'none' }).catch(String))
    .toContain('forbidden');
  seat.leave();
  line.mend();
  await board.expectSaved();

  const refusal = board.view.getByRole('alert').locator('[data-tone=refused]');
  await expect(refusal).toContainText('nicht ändern');
  await board.expectCards('Offen', ['Angebot einholen']);
  await board.expectCards('In Arbeit', []);
  await refusal.getByRole('button', { name: 'Schließen' }).click();
  await expect(refusal).toHaveCount(0);
});

test('a part of the page that cannot be fetched takes nothing else away', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const parts = /\/assets\/(ViewerList|Overlays)/;
  const page = await stage.page();
  await page.route(parts, (route) => route.abort());
  const anna = await (await stage.inElement(room, room.anna, { page })).opened();
  const refusal = anna.toast('Der Server ist nicht erreichbar');

  for (const opener of [
    anna.view.getByRole('button', { name: '1 Person sieht zu' }),
    anna.cardMenu('Angebot einholen'),
  ]) {
    await opener.click();
    await expect(refusal).toBeVisible();
    await refusal.getByRole('button', { name: 'Schließen' }).click();
    await expect(refusal).toHaveCount(0);
  }
  await anna.expectCards('Offen', ['Angebot einholen']);
  await anna.add('Offen', 'Es geht weiter');

  // One that comes slowly is waited for in words.
  await page.unroute(parts);
  let arrives: () => void = () => undefined;
  const held = new Promise<void>((done) => {
    arrives = done;
  });
  await page.route(parts, async (route) => {
    await held;
    await route.continue();
  });
  await anna.cardMenu('Angebot einholen').click();
  const waiting = anna.view.getByText('Einen Moment…');
  await expect(waiting).toBeVisible();
  arrives();
  await expect(anna.view.getByRole('menu')).toBeVisible();
  await expect(waiting).toHaveCount(0);
  await anna.view.getByRole('menuitem', { name: 'Löschen' }).click();
  await anna.expectCards('Offen', ['Es geht weiter']);
});

test('a part that is missing since the server was renewed asks for the page to be loaded anew', async ({
  stage,
}) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const parts = /\/assets\/Overlays/;
  const [line, page] = [await stage.line(), await stage.page()];
  await page.route(parts, (route) => route.fulfill({ status: 404 }));
  const anna = await (await stage.byLink(room, room.anna, { line, page })).opened();
  line.cut();
  await anna.expectDown();
  line.mend();
  await anna.expectSaved();

  await anna.cardMenu('Angebot einholen').click();
  const message = anna.toast('laden Sie die Seite neu');
  await expect(message).toBeVisible();
  await page.unroute(parts);
  await message.getByRole('button', { name: 'Neu laden' }).click();
  await anna.opened();
  await expect(message).toHaveCount(0);
  await anna.choose(anna.cardMenu('Angebot einholen'), 'Löschen');
  await anna.expectCards('Offen', []);
});

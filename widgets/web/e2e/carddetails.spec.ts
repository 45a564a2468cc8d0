import type { Locator } from '@playwright/test';
import { expectAccessible } from './support/axe';
import { bodyOf, relatesTo } from './support/room';
import { expect, test } from './support/story';
import { theWorld } from './world/world';

function listIn(dialog: Locator, name: string): Locator {
  return dialog.getByRole('list', { name, exact: true });
}

test('a description is Markdown, shown to the other as it is meant, and never HTML', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const dialog = await anna.open('Angebot einholen');
  await dialog.getByRole('button', { name: 'Beschreibung hinzufügen' }).click();
  const field = dialog.getByRole('textbox', { name: 'Beschreibung' });
  await field.fill(
    [
      '# Bis Freitag',
      '- [x] **drei** Angebote',
      '- [ ] [Vergabe](https://vergabe.amt.example/117)',
      '',
      '<img src=x onerror="globalThis.stolen=1"> [böse](javascript:globalThis.stolen=1)',
    ].join('\n'),
  );
  await field.press('Control+Enter');
  await expect(dialog.getByRole('button', { name: 'Beschreibung bearbeiten' })).toBeFocused();

  const theirs = await mia.open('Angebot einholen');
  const shown = theirs.getByRole('region', { name: 'Beschreibung' });
  await expect(shown.getByRole('heading', { name: 'Bis Freitag' })).toBeVisible();
  await expect(shown.locator('strong')).toHaveText('drei');
  await expect(shown.getByRole('listitem')).toHaveText([/Erledigt:\s*drei Angebote/, /Offen:/]);
  const link = shown.getByRole('link');
  await expect(link).toHaveCount(1);
  await expect(link).toHaveAttribute('href', 'https://vergabe.amt.example/117');
  await expect(link).toHaveAttribute('rel', 'noreferrer');
  await expect(shown).toContainText('<img src=x onerror="globalThis.stolen=1"> [böse](javascript:');
  await expect(shown.locator('img')).toHaveCount(0);
  expect(await mia.view.locator('body').evaluate(() => 'stolen' in globalThis)).toBe(false);
});

test('a checklist is worked with the keyboard alone, and the other sees how far it is', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Umzug'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const { keyboard } = anna.page;
  await anna.face('Umzug').focus();
  await keyboard.press('Enter');
  const dialog = anna.view.getByRole('dialog', { name: 'Umzug' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Checkliste hinzufügen' }).focus();
  await keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Punkt hinzufügen' })).toBeFocused();
  for (const title of ['Kartons', 'Wagen', 'Schlüssel']) {
    await keyboard.type(title);
    await keyboard.press('Enter');
    await expect(dialog.getByRole('checkbox', { name: title })).toBeVisible();
  }
  const entries = listIn(dialog, 'Checkliste').getByRole('listitem');

  // From the field back to the last entry: over its menu to its box.
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  const key = dialog.getByRole('checkbox', { name: 'Schlüssel' });
  await expect(key).toBeFocused();
  await keyboard.press('Space');
  await expect(key).toBeChecked();
  await expect(mia.face('Umzug')).toContainText('1 von 3 Punkten erledigt');
  await keyboard.press('Alt+ArrowUp');
  await expect(entries).toHaveText(['Kartons', 'Schlüssel', 'Wagen']);
  await expect(key).toBeFocused();
  await keyboard.press('F2');
  await expect(dialog.getByRole('textbox', { name: 'Text des Punkts' })).toBeFocused();
  await keyboard.type('Schlüssel abgeben');
  await keyboard.press('Enter');
  await expect(dialog.getByRole('checkbox', { name: 'Schlüssel abgeben' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(anna.view.getByRole('menuitem', { name: 'Umbenennen' })).toBeFocused();
  await anna.view.getByRole('menuitem', { name: 'Nach unten' }).focus();
  await keyboard.press('Enter');
  await expect(entries).toHaveText(['Kartons', 'Wagen', 'Schlüssel abgeben']);
  await dialog.getByRole('checkbox', { name: 'Kartons' }).focus();
  await keyboard.press('Delete');
  await expect(dialog.getByRole('checkbox', { name: 'Wagen' })).toBeFocused();

  const theirs = await mia.open('Umzug');
  await expect(listIn(theirs, 'Checkliste').getByRole('listitem')).toHaveText([
    'Wagen',
    'Schlüssel abgeben',
  ]);
  await theirs.getByRole('checkbox', { name: 'Wagen' }).check();
  await expect(dialog.getByRole('progressbar', { name: '2 von 2 Punkten erledigt' })).toBeVisible();
});

test('cards are related by number, which both see, and one leads to the other', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot', 'Bestellung'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const dialog = await anna.open('Bestellung');
  await dialog.getByRole('button', { name: 'Karte verknüpfen' }).click();
  await dialog.getByLabel('Wie die andere Karte verknüpft ist').selectOption('Wird blockiert von');
  await dialog.getByRole('combobox', { name: 'Nummer oder Titel der Karte' }).fill('#1');
  await anna.page.keyboard.press('Enter');
  await expect(listIn(dialog, 'Wird blockiert von')).toContainText('#1 Angebot');
  await expect(mia.face('Bestellung')).toContainText('Blockiert');

  const theirs = await mia.open('Angebot');
  await listIn(theirs, 'Blockiert')
    .getByRole('button', { name: '#2 Bestellung', exact: true })
    .click();
  await expect(mia.view.getByRole('dialog', { name: 'Bestellung' })).toBeVisible();
  await mia.close(mia.view.getByRole('dialog'));
  // What it waited for is finished.
  await mia.drag('Angebot', { endOf: 'Erledigt' });
  await expect(anna.view.locator('[data-card-face]', { hasText: 'Bestellung' })).not.toContainText(
    'Blockiert',
  );
});

test('links, priority and start of one person stand on the card of the other and in the chat', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const dialog = await anna.open('Angebot');
  await dialog.getByRole('button', { name: 'Link hinzufügen' }).click();
  await dialog.getByRole('textbox', { name: /^Adresse/ }).fill('vergabe.amt.example/117');
  await dialog.getByRole('textbox', { name: /^Angezeigter Text/ }).fill('Vergabeakte');
  await anna.page.keyboard.press('Enter');
  await expect(dialog.getByRole('link', { name: 'Vergabeakte' })).toHaveAttribute(
    'href',
    'https://vergabe.amt.example/117',
  );
  await dialog.getByLabel('Priorität').selectOption('Dringend');
  await dialog.getByRole('button', { name: 'Beginn festlegen' }).click();
  await dialog.getByRole('button', { name: 'Heute' }).first().click();
  for (const part of ['Priorität: Dringend', '1 Link', 'Ab ']) {
    await expect(mia.face('Angebot')).toContainText(part);
  }
  const asked = await room.mia.say(room.id, '!karte zeige 1');
  const answer = await room.mia.event(
    (e) => e.sender === theWorld().bot && relatesTo(e, asked),
    'the answer to !karte zeige',
  );
  expect(bodyOf(answer)).toContain('https://vergabe.amt.example/117');

  // A start after the due date is refused with a sentence, and nothing changes.
  await dialog.getByRole('button', { name: 'In einer Woche' }).click();
  await expect(mia.face('Angebot')).toContainText('Fällig');
  await dialog.getByRole('spinbutton', { name: /Jahr.*Beginn/ }).click();
  await anna.page.keyboard.type('2099');
  await dialog.getByLabel('Titel').focus();
  await expect(anna.toast('Der Beginn liegt nach der Fälligkeit')).toBeVisible();
});

test('a label’s colour and name hold on every card and for everybody', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  await room.seat.addCard('Angebot', 'open', { labels: ['vergabe'] });
  await room.seat.addCard('Grundriss', 'open', { labels: ['vergabe'] });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  const dialog = await anna.open('Angebot');
  await anna.choose(dialog.getByRole('button', { name: 'Farbe und Name von vergabe' }), 'Überall');
  const asked = anna.view.getByRole('dialog', { name: /auf allen Karten umbenennen/ });
  await asked.getByLabel('Name des Schlagworts').fill('Einkauf');
  await anna.page.keyboard.press('Enter');
  for (const title of ['Angebot', 'Grundriss']) {
    await expect(mia.face(title)).toContainText('Schlagwörter: Einkauf');
  }
  await dialog.getByRole('button', { name: 'Farbe und Name von Einkauf' }).click();
  await anna.view.getByRole('menuitemradio', { name: 'Türkis' }).click();
  await expect(mia.face('Grundriss').locator('[data-color=teal]')).toHaveText('Einkauf');
});

test('a card is put aside, found in the archive, and brought back', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot', 'Grundriss'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.inElement(room, room.mia)).opened();
  await anna.choose(anna.cardMenu('Angebot'), 'Archivieren');
  await mia.expectCards('Offen', ['Grundriss']);
  await mia.view.getByRole('button', { name: 'Archiv', exact: true }).click();
  const archive = mia.view.getByRole('dialog', { name: 'Archiv' });
  await archive.getByRole('searchbox', { name: 'Archiv durchsuchen' }).fill('angebot');
  await archive.getByRole('button', { name: 'Angebot öffnen' }).click();
  const opened = mia.view.getByRole('dialog', { name: 'Angebot' });
  await expect(opened).toContainText('Diese Karte liegt im Archiv.');
  await opened.getByRole('button', { name: 'Zurückholen' }).click();
  await anna.expectCards('Offen', ['Angebot', 'Grundriss']);
  await expect(anna.view.getByRole('button', { name: 'Archiv', exact: true })).toHaveCount(0);
});

for (const theme of ['light', 'dark']) {
  test(`axe: a card with everything, its menus and the archive, ${theme}`, async ({ stage }) => {
    const room = await stage.room();
    const { seat } = room;
    const card = await seat.addCard('Angebot', 'open', {
      description: '# Titel\n- [x] `a` **b**\n\n> Zitat mit [Link](https://amt.example)',
      labels: ['rot', 'gelb', 'grün', 'grau'],
      priority: 'urgent',
      start: '2026-01-05',
      due: '2026-01-09',
    });
    const other = await seat.addCard('Bestellung', 'open', { priority: 'high' });
    const aside = await seat.addCard('Alt', 'done');
    for (const [label, color] of [
      ['rot', 'red'],
      ['gelb', 'yellow'],
      ['grün', 'green'],
      ['grau', 'grey'],
    ]) {
      await seat.do('label.edit', { label, color });
    }
    await seat.do('card.check', { card, entry: 'a', title: 'Erstens' });
    await seat.do('card.check', { card, entry: 'b', title: 'Zweitens' });
    await seat.do('card.check', { card, entry: 'b', done: true });
    await seat.do('card.relate', { card: other, relation: 'blocks', other: card, on: true });
    await seat.do('card.link', { card, link: 'a', url: 'https://amt.example/', title: 'Amt' });
    await seat.do('card.archive', { card: aside, on: true });

    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    await expect(anna.face('Angebot')).toContainText('Blockiert');
    await expectAccessible(anna.page, 'board');
    const dialog = await anna.open('Angebot');
    await expect(dialog.getByRole('heading', { name: 'Titel' })).toBeVisible();
    await expectAccessible(anna.page, 'card');
    await dialog.getByRole('button', { name: 'Farbe und Name von gelb' }).click();
    await expect(anna.view.getByRole('menu')).toBeVisible();
    await expectAccessible(anna.page, 'label menu');
    await anna.page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Karte verknüpfen' }).click();
    await dialog.getByRole('button', { name: 'Link hinzufügen' }).click();
    await dialog.getByRole('button', { name: 'Beschreibung bearbeiten' }).click();
    await expectAccessible(anna.page, 'card with its forms');
    await anna.close(dialog);
    await anna.view.getByRole('button', { name: 'Archiv', exact: true }).click();
    await expect(anna.view.getByRole('dialog', { name: 'Archiv' })).toContainText('Alt');
    await expectAccessible(anna.page, 'archive');
  });
}

import type { Locator, Page } from '@playwright/test';
import { addDays } from '../src/text/dates';
import { expectAccessible } from './support/axe';
import type { Person } from './support/matrix';
import { bodyOf, linkSentTo, type ProjectRoom } from './support/room';
import { expect, test } from './support/story';
import { theWorld } from './world/world';

/** Today where the browsers and the bot are. */
const today = (): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date());

/**
 * Opens somebody's own work by the link that the bot sends into their direct chat; `room` is one
 * that both are in, by which the chat comes about.
 */
async function openWork(page: Page, person: Person, room: ProjectRoom): Promise<string> {
  await person.say(room.id, '!link');
  await linkSentTo(person);
  const { bot, werkraum } = theWorld();
  const invitation = await person.event(
    (e) => e.type === 'm.room.member' && e.sender === bot && e.state_key === person.id,
  );
  const chat = invitation.room;
  await person.say(chat, '!link');
  const answer = await person.event(
    (e) => e.room === chat && e.sender === bot && bodyOf(e).includes('Meine Arbeit: '),
    'the link to the own work',
  );
  const link = bodyOf(answer)
    .split(/\s+/)
    .find(
      (word, at, words) => word.startsWith(`${werkraum}/#/link?`) && words[at - 1] === 'Arbeit:',
    );
  await page.goto(link ?? '');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Meine Arbeit');
  return chat;
}

function group(page: Page, name: string | RegExp): Locator {
  return page.getByRole('region', { name });
}

test('my work: cards of all rooms, live, and gone at once after a kick', async ({ stage }) => {
  const umbau = await stage.room({ colleagues: ['Jens Vogt'] });
  const [jens] = umbau.colleagues;
  if (!jens) throw new Error('Jens is missing');
  const fest = await stage.room({ name: 'Straßenfest' });
  await fest.admit(jens);
  const day = today();
  const mine = { assignees: [jens.id] };
  await umbau.seat.addCard('Angebot prüfen', 'open', { ...mine, due: addDays(day, -2) });
  await umbau.seat.addCard('Nur für Anna', 'open', { assignees: [umbau.anna.id] });
  await fest.seat.addCard('Zelt bestellen', 'open', { ...mine, due: day });
  await fest.seat.addCard('Plakate', 'open', { due: addDays(day, 1) });

  const page = await stage.page();
  await openWork(page, jens, umbau);
  await expect(group(page, /Überfällig/)).toContainText('Angebot prüfen');
  await expect(group(page, /Heute/)).toContainText('Zelt bestellen');
  await expect(group(page, /noch bei niemandem/)).toContainText('Plakate');
  await expect(page.getByText('Nur für Anna')).toBeHidden();
  const link = page.getByRole('link', { name: 'Angebot prüfen' });
  await expect(link).toHaveAttribute('href', /^https:\/\/matrix\.to\/#\//);

  // What happens in the rooms shows by itself.
  const card = await umbau.seat.addCard('Fenster ausmessen', 'open', mine);
  await expect(group(page, /Ohne Termin/)).toContainText('Fenster ausmessen');
  await umbau.seat.do('card.done', { card });
  await expect(page.getByText('Fenster ausmessen')).toBeHidden();

  await page
    .getByRole('combobox', { name: 'Raum', exact: true })
    .selectOption({ label: 'Straßenfest' });
  await expect(page.getByText('Angebot prüfen')).toBeHidden();
  await expect(group(page, /Heute/)).toContainText('Zelt bestellen');
  await fest.kick(jens, 'Projekt beendet');
  await expect(page.getByText('Zelt bestellen')).toBeHidden();
  await expect(page.getByText('Plakate')).toBeHidden();
  await expect(group(page, /Überfällig/)).toContainText('Angebot prüfen');
});

test('my work: personal to-dos by keyboard, and by command in the chat', async ({ stage }) => {
  const room = await stage.room();
  const { anna } = room;
  const page = await stage.page();
  const chat = await openWork(page, anna, room);
  await expect(page.getByRole('heading', { name: 'Nichts zu tun' })).toBeVisible();

  await page.getByLabel('Neue Aufgabe', { exact: true }).last().focus();
  await page.keyboard.type('Ausweis verlängern');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Blumen gießen');
  await page.keyboard.press('Enter');
  const undated = group(page, /Ohne Termin/);
  await expect(undated.getByRole('checkbox')).toHaveCount(2);

  const first = undated.getByRole('checkbox', { name: 'Ausweis verlängern' });
  await first.focus();
  await page.keyboard.press('Space');
  await expect(page.getByText('Erledigt (1)')).toBeVisible();
  await expect(undated.getByRole('checkbox', { name: 'Blumen gießen' })).toBeFocused();

  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: '„Blumen gießen“ ändern' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.type(' und Pflanzen umtopfen');
  await page.keyboard.press('Enter');
  await expect(undated).toContainText('Blumen gießen und Pflanzen umtopfen');
  await expect(page.getByRole('button', { name: /umtopfen“ ändern/ })).toBeFocused();

  await anna.say(chat, '!todo neu Steuererklärung fällig heute');
  await expect(group(page, /Heute/)).toContainText('Steuererklärung');
  await anna.say(chat, '!todo fertig 3');
  await expect(page.getByText('Erledigt (2)')).toBeVisible();

  await page.getByRole('button', { name: /umtopfen“ löschen/ }).click();
  await expect(undated).toBeHidden();
  await page.getByRole('button', { name: 'Rückgängig' }).first().click();
  await expect(undated).toContainText('umtopfen');

  await page.reload();
  await expect(group(page, /Ohne Termin/)).toContainText('umtopfen');
  await page.getByText('Erledigt (2)').click();
  await page.getByRole('checkbox', { name: 'Ausweis verlängern' }).uncheck();
  await expect(group(page, /Ohne Termin/)).toContainText('Ausweis verlängern');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`my work, axe and 320 pixels, ${colorScheme}`, async ({ stage }) => {
    const room = await stage.room({ name: 'Umbau des Rathauses mit einem sehr langen Namen' });
    const { anna } = room;
    const page = await stage.page({ colorScheme });
    const chat = await openWork(page, anna, room);
    await expect(page.getByRole('heading', { name: 'Nichts zu tun' })).toBeVisible();
    await expectAccessible(page, 'nothing to do');
    const day = today();
    for (const [title, due] of [
      ['Angebot für die neuen Fenster einholen', addDays(day, -1)],
      ['Telefonnummern umziehen', day],
      ['Ein Titel, der so lang ist, dass er auf einem kleinen Telefon umbrechen muss', ''],
    ] as const) {
      await room.seat.addCard(title, 'open', { assignees: [anna.id], ...(due && { due }) });
    }
    await room.seat.addCard('Zelt reservieren', 'open', { due: addDays(day, 2) });
    await anna.say(chat, '!todo neu Ausweis verlängern fällig morgen');
    await anna.say(chat, '!todo neu Blumen gießen');
    await anna.say(chat, '!todo fertig 2');
    await expect(page.getByText('Erledigt (1)')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Zelt reservieren' })).toBeVisible();
    await page.getByText('Erledigt (1)').click();
    await expectAccessible(page, 'my work');
    await page.screenshot({ path: `test-results/mine-${colorScheme}.png`, fullPage: true });
    await page.getByRole('button', { name: '„Ausweis verlängern“ ändern' }).click();
    await expectAccessible(page, 'editing a to-do');
    await page.setViewportSize({ width: 320, height: 640 });
    await expectAccessible(page, 'my work at 320 pixels');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(320);
    await page.screenshot({ path: `test-results/mine-${colorScheme}-320.png`, fullPage: true });
  });
}

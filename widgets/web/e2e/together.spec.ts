import { expect, test } from './support/story';

test('two people of two homeservers see what the other drags', async ({ stage }) => {
  const room = await stage.room({
    partner: true,
    cards: { open: ['Angebot einholen', 'Grundriss abstimmen'] },
  });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await anna.expectViewers(2);

  await anna.drag('Angebot einholen', { endOf: 'In Arbeit' });
  await anna.expectCards('In Arbeit', ['Angebot einholen']);
  await mia.expectCards('In Arbeit', ['Angebot einholen']);

  await mia.drag('Grundriss abstimmen', { onto: 'Angebot einholen' });
  const both = ['Grundriss abstimmen', 'Angebot einholen'];
  await mia.expectCards('In Arbeit', both);
  await anna.expectCards('In Arbeit', both);
  await anna.expectCards('Offen', []);

  const host = await anna.page.evaluate(() => window.host);
  expect(host?.asked, 'capabilities, each of which Element would ask about').toEqual([]);
  expect(host?.identityAsked).toBe(1);
});

import type { Locator } from '@playwright/test';
import { expectAccessible } from './support/axe';
import { expect, test } from './support/story';

function within(dialog: Locator) {
  const region = dialog.getByRole('region', { name: 'Kommentare' });
  return {
    region,
    field: region.getByRole('textbox', { name: 'Kommentar schreiben' }),
    list: region.locator('ul').first().getByRole('listitem'),
  };
}

test('a comment inside Element is the person’s own, one by link comes through the bot', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna, { speaks: true })).opened();
  const mia = await (await stage.byLink(room, room.mia)).opened();
  const root = (await room.cardMessage('Angebot einholen')).event_id;
  await expect
    .poll(() => anna.page.evaluate(() => window.host?.asked), 'asked at the start')
    .toEqual([]);
  const annas = within(await anna.open('Angebot einholen'));
  const mias = within(await mia.open('Angebot einholen'));

  await annas.field.fill('Bis Freitag, bitte: https://example.org/<b>');
  await annas.field.press('Control+Enter');
  await expect(mias.list).toHaveCount(1);
  await expect(mias.list).toContainText(room.anna.name);
  await expect(mias.list).toContainText('Bis Freitag, bitte: https://example.org/<b>');
  await expect(mias.list.getByRole('link')).toHaveAttribute('href', 'https://example.org/');
  await expect(annas.list).toHaveCount(1);
  const own = await room.mia.event((e) => bodyOf(e).startsWith('Bis Freitag'), 'the comment');
  expect(own.sender).toBe(room.anna.id);
  expect(own.content['m.relates_to']).toMatchObject({ rel_type: 'm.thread', event_id: root });
  expect(await anna.page.evaluate(() => window.host?.asked)).toEqual([
    'org.matrix.msc2762.send.event:m.room.message#m.text',
  ]);

  await mias.field.pressSequentially('Gut, @Ann');
  await expect(mias.region.getByRole('option')).toHaveCount(1);
  await mias.field.press('Enter');
  await mias.field.pressSequentially('<script>');
  await mias.field.press('Control+Enter');
  await expect(annas.list).toHaveCount(2);
  await expect(annas.list.last()).toContainText(room.mia.name);
  await expect(annas.list.last()).toContainText(`Gut, @${room.anna.name} <script>`);
  const posted = await room.anna.event((e) => bodyOf(e).includes('Gut, @'), 'the bot’s message');
  expect(bodyOf(posted)).toContain(`${room.mia.name} schreibt auf dem Board:`);
  expect(posted.content['m.mentions']).toEqual({ user_ids: [room.anna.id] });
  expect(posted.content['m.relates_to']).toMatchObject({ rel_type: 'm.thread', event_id: root });

  // Both say it differently, each as they said it.
  await annas.region.getByRole('button', { name: /ändern$/ }).click();
  await annas.region.getByRole('textbox', { name: /ändern$/ }).fill('Bis Montag reicht es');
  await annas.region.getByRole('textbox', { name: /ändern$/ }).press('Control+Enter');
  await expect(mias.list.first()).toContainText('Bis Montag reicht es');
  await expect(annas.list.first()).toContainText('Bis Montag reicht es');
  const edited = await room.mia.event((e) => bodyOf(e) === '* Bis Montag reicht es', 'the edit');
  expect(edited.sender).toBe(room.anna.id);
  expect(edited.content['m.relates_to']).toEqual({ rel_type: 'm.replace', event_id: own.event_id });
  await mias.region.getByRole('button', { name: /ändern$/ }).click();
  const editor = mias.region.getByRole('textbox', { name: /ändern$/ });
  await expect(editor).toBeFocused();
  await editor.press('End');
  await editor.pressSequentially(' Danke!');
  await mias.region.getByRole('button', { name: 'Speichern' }).click();
  await expect(annas.list.last()).toContainText('<script> Danke!');
  await expect(mias.region.getByRole('button', { name: /ändern$/ })).toBeFocused();
  const again = await room.anna.event((e) => bodyOf(e).includes('Danke!'), 'the bot’s edit');
  expect(again.content['m.mentions']).toEqual({});
  expect(again.content['m.relates_to']).toEqual({
    rel_type: 'm.replace',
    event_id: posted.event_id,
  });

  // Only what the bot has posted, and only one's own.
  await expect(annas.region.getByRole('button', { name: /löschen$/ })).toHaveCount(0);
  await mias.region.getByRole('button', { name: /löschen$/ }).click();
  await expect(annas.list).toHaveCount(1);
  await expect(mias.list).toHaveCount(1);
});

test('who declines is not asked again, and comments through the bot', async ({ stage }) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  await room.cardMessage('Angebot einholen');
  const comments = within(await anna.open('Angebot einholen'));
  for (const [i, text] of ['Eins', 'Zwei'].entries()) {
    await comments.field.fill(text);
    await comments.field.press('Control+Enter');
    await expect(comments.list).toHaveCount(i + 1);
    await expect(comments.list.last()).toContainText(text);
  }
  expect(await anna.page.evaluate(() => window.host?.asked)).toHaveLength(1);
});

for (const theme of ['light', 'dark'] as const) {
  test(`comments and history are accessible, ${theme}`, async ({ stage }) => {
    const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    await anna.drag('Angebot einholen', { endOf: 'In Arbeit' });
    const dialog = await anna.open('Angebot einholen');
    const comments = within(dialog);
    await comments.field.fill('Siehe https://example.org/plan.');
    await comments.field.press('Control+Enter');
    await expect(comments.list).toHaveCount(1);
    await dialog.getByRole('button', { name: 'Verlauf zeigen' }).click();
    const history = dialog.getByRole('list', { name: 'Verlauf' });
    await expect(history.getByText('Von „Offen“ nach „In Arbeit“ verschoben')).toBeVisible();
    await comments.field.pressSequentially('Für @M');
    await expect(comments.region.getByRole('option')).not.toHaveCount(0);
    await expectAccessible(anna.page, theme);

    // Looking for faults took the focus away.
    await comments.field.pressSequentially('i');
    await expect(comments.region.getByRole('option')).not.toHaveCount(0);
    await comments.field.press('Escape');
    await expect(comments.region.getByRole('option')).toHaveCount(0);
    await expect(dialog).toBeVisible();
    await history.getByRole('button', { name: /^Rückgängig machen: Von „Offen“/ }).click();
    await anna.close(dialog);
    await anna.expectCards('Offen', ['Angebot einholen']);
  });
}

function bodyOf(event: { content: Record<string, unknown> }): string {
  return typeof event.content.body === 'string' ? event.content.body : '';
}

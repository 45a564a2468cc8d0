import { linkSentTo } from './support/room';
import { expect, test } from './support/story';

test('the link that a command sends opens the whiteboard that was asked for', async ({ stage }) => {
  const room = await stage.room();
  await room.anna.say(room.id, '!whiteboard neu Skizze');
  await room.anna.say(room.id, '!whiteboard neu Verfahren mit Vorlage Ablauf');
  const ask = (): Promise<string> => room.anna.say(room.id, '!whiteboard öffnen Verfahren');
  await ask();
  const page = await stage.page();
  await page.goto(await linkSentTo(room.anna, ask));
  const area = page.getByRole('region', { name: 'Zeichenfläche von Verfahren' });
  await expect(area.locator('canvas.interactive')).toBeVisible({ timeout: 90_000 });
});

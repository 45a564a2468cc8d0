import { expectAccessible } from './support/axe';
import { Drawing } from './support/drawing';
import { expect, test } from './support/story';

test('an earlier state is saved, looked at and brought back for everybody', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Skizze');
  await anna.rectangle(300, 200);
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Skizze');
  await mia.expectInk(300, 240);

  const open = async (who: Drawing): Promise<ReturnType<Drawing['view']['getByRole']>> => {
    await who.view.getByRole('button', { name: 'Aktionen für Whiteboard Skizze' }).click();
    await who.view.getByRole('menuitem', { name: 'Frühere Stände' }).click();
    return who.view.getByRole('dialog', { name: 'Frühere Stände' });
  };
  let dialog = await open(anna);
  await expect(dialog.getByText('Noch ist keiner aufbewahrt')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name dieses Standes' }).fill('Vor der Sitzung');
  await dialog.getByRole('button', { name: 'Stand sichern' }).click();
  await expect(dialog.getByText('Vor der Sitzung', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Schließen' }).click();

  // Mia takes away what is there and draws something else.
  await mia.view.locator('.excalidraw').first().press('Control+a');
  await mia.page.keyboard.press('Delete');
  await mia.rectangle(600, 300);
  await anna.expectInk(300, 240, false);
  await anna.expectInk(600, 340);

  // Who comes later knows of the state, looks at it and brings it back.
  const late = await Drawing.of(
    await (await stage.inElement(room, room.anna, { theme: 'dark' })).opened(),
  );
  await late.opened('Skizze');
  dialog = await open(late);
  await dialog.getByRole('button', { name: 'Stand Vor der Sitzung ansehen' }).click();
  await expect(dialog.getByRole('img', { name: 'Bild des Standes Vor der Sitzung' })).toBeVisible();
  await expectAccessible(late.page, 'the earlier states');
  await dialog.getByRole('button', { name: 'Stand Vor der Sitzung zurückholen' }).click();
  for (const who of [mia, late]) {
    await who.expectInk(300, 240);
    await who.expectInk(600, 340, false);
  }
  // What Mia had drawn was kept before that.
  dialog = await open(late);
  await expect(dialog.getByText('Von selbst aufbewahrt')).toBeVisible();
});

import type { Locator } from '@playwright/test';
import { expectAccessible } from './support/axe';
import { Drawing } from './support/drawing';
import { expect, test } from './support/story';

test('an earlier state is saved, looked at and brought back for everybody', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Skizze');
  await anna.rectangle(300, 200);
  await anna.paste(600, 200);
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Skizze');
  await mia.expectInk(300, 240);
  await expect.poll(() => mia.colorAt(600, 200)).toEqual([200, 30, 60]);

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
  const picture = dialog.getByRole('img', { name: 'Bild des Standes Vor der Sitzung' });
  await expect(picture).toBeVisible();
  expect(
    await redness(picture),
    'of the picture of the state is the image that was on it',
  ).toBeGreaterThan(0.1);
  await expectAccessible(late.page, 'the earlier states');
  await dialog.getByRole('button', { name: 'Stand Vor der Sitzung zurückholen' }).click();
  for (const who of [mia, late]) {
    await who.expectInk(300, 240);
    await who.expectInk(600, 340, false);
  }
  // What Mia had drawn was kept before that.
  dialog = await open(late);
  await expect(dialog.getByText('Von selbst aufbewahrt').first()).toBeVisible();

  // Who may only look on sees the states too.
  await room.setPowerToEdit(50);
  await expect(mia.view.getByText('Sie können lesen, aber nichts ändern')).toBeVisible();
  dialog = await open(mia);
  await dialog.getByRole('button', { name: 'Stand Vor der Sitzung ansehen' }).click();
  await expect(dialog.getByRole('img', { name: 'Bild des Standes Vor der Sitzung' })).toBeVisible();
  for (const name of ['Stand sichern', /zurückholen$/, /löschen$/]) {
    await expect(dialog.getByRole('button', { name })).toHaveCount(0);
  }
});

/** How much of a picture is of the colour of the image that is pasted, as it is in the dark too. */
async function redness(picture: Locator): Promise<number> {
  return picture.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const all = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    let [red, count] = [0, 0];
    for (let i = 0; all && i < all.length; i += 4, count += 1) {
      const [r = 0, g = 0, b = 0] = all.subarray(i, i + 3);
      if (r > g + 80 && r > b + 60) red += 1;
    }
    return red / count;
  });
}

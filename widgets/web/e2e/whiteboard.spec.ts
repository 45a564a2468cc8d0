import { Drawing } from './support/drawing';
import { expect, test } from './support/story';

test('two people of two homeservers draw together, and each sees the other draw', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await expect(mia.view.getByRole('heading', { name: 'Es gibt noch kein Whiteboard' })).toBeVisible();
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
  await expect(anna.view.getByText('noch nicht gespeichert')).toBeHidden({ timeout: 60_000 });
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

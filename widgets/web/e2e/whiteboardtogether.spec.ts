import { Drawing } from './support/drawing';
import { expect, test } from './support/story';

test('who follows somebody sees what they see, until they look around themselves', async ({
  stage,
}) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Rundgang');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Rundgang');
  await anna.rectangle(300, 300);
  await mia.expectInk(300, 340);

  // At once, though Anna stands still.
  await anna.pan(0, 100);
  await anna.expectInk(300, 240);
  await mia.expectInk(300, 340);
  await mia.follow('Anna Petersen');
  await mia.expectInk(300, 240);
  // And wherever she goes.
  await anna.pan(100, 0);
  await mia.expectInk(200, 240);
  await mia.expectInk(300, 240, false);

  await mia.pan(0, -100);
  await expect(mia.following).toHaveCount(0);
  await mia.expectInk(200, 340);
  await anna.pan(0, 100);
  await anna.rectangle(500, 300);
  await mia.expectInk(500, 500);
  await mia.expectInk(200, 340);

  // Followed again she is where she was all the time.
  await mia.follow('Anna Petersen');
  await mia.expectInk(500, 340);
  await mia.expectInk(200, 140);
});

test('the laser pointer of one is seen by the other, and leaves nothing', async ({ stage }) => {
  const room = await stage.room({ partner: true });
  const anna = await Drawing.of(await (await stage.inElement(room, room.anna)).opened());
  await anna.add('Lageplan');
  const mia = await Drawing.of(await (await stage.inElement(room, room.mia)).opened());
  await mia.opened('Lageplan');
  await expect(mia.lasers).toHaveCount(0);

  await anna.tool('k');
  const [left, top] = await anna.press(300, 250);
  // It fades, so it is moved until it has been seen.
  let at = 0;
  const moved = async (): Promise<number> => {
    at += 1;
    await anna.page.mouse.move(left + 300 + (at % 2) * 60, top + 250 + (at % 40) * 4);
    return mia.lasers.count();
  };
  await expect.poll(moved, { intervals: [100] }).toBe(1);
  await anna.page.mouse.up();
  await expect(mia.lasers).toHaveCount(0);
  await mia.rectangle(500, 100);
  await anna.expectInk(500, 140);
  for (const who of [anna, mia]) await who.expectInk(300, 250, false);
});

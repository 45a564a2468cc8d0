import type { Page } from '@playwright/test';
import { newWhiteboardID, templates } from '../src/whiteboard/model';
import { Drawing } from './support/drawing';
import { expect, test } from './support/story';

interface Drawn {
  readonly whiteboard: string;
  readonly elements: readonly { readonly id: string; readonly type: string }[];
}

/** What the page sends of whiteboards from now on. */
function drawnBy(page: Page): Drawn[] {
  const drawn: Drawn[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const said = JSON.parse(String(payload)) as { t: string; act?: string; args?: Drawn };
      if (said.act?.startsWith('whiteboard.') && said.args) drawn.push(said.args);
    });
  });
  return drawn;
}

test('whoever opens a whiteboard writes nothing to it, whatever template it was made from', async ({
  stage,
}) => {
  const room = await stage.room();
  const made = templates.map((template) => ({
    template,
    id: newWhiteboardID(),
    title: `Vorlage ${template || 'leer'}`,
  }));
  for (const { id, title, template } of made) {
    await room.seat.do('whiteboard.add', { whiteboard: id, title, ...(template && { template }) });
  }
  const page = await stage.page();
  const drawn = drawnBy(page);
  const anna = await Drawing.of(await (await stage.byLink(room, room.anna, { page })).opened());
  for (const { id, title } of made) {
    await page
      .getByRole('combobox', { name: 'Whiteboards dieses Raums' })
      .selectOption({ label: title });
    await anna.opened(title);
    // Texts are measured anew when their font has come.
    await page.evaluate(() => document.fonts.ready);
    expect(drawn, title).toEqual([]);
    // Whatever would have been sent is sent with what the person draws at the latest.
    await anna.rectangle(300, 200);
    await expect.poll(() => drawn.length, title).toBe(1);
    expect(drawn[0]?.whiteboard).toBe(id);
    expect(drawn[0]?.elements, title).toMatchObject([{ type: 'rectangle' }]);
    drawn.length = 0;
  }
});

import { bodyOf } from './support/room';
import { expectAccessible } from './support/axe';
import { expect, test } from './support/story';

/** A picture of a landscape, drawn here so that no file is needed. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAFklEQVR4nGP4z8DwHxkzoAlgiDFgCAAAnM0Q8bHwmmkAAAAASUVORK5CYII=',
  'base64',
);

for (const theme of ['light', 'dark']) {
  test(`files that one person attaches are there for the other, ${theme}`, async ({ stage }) => {
    const room = await stage.room({ partner: true, cards: { open: ['Umbau der Bücherei'] } });
    const anna = await (await stage.inElement(room, room.anna, { theme })).opened();
    const mia = await (await stage.inElement(room, room.mia, { theme })).opened();

    const dialog = await anna.open('Umbau der Bücherei');
    const section = dialog.getByRole('region', { name: 'Anhänge' });
    const chooser = anna.page.waitForEvent('filechooser');
    await section.getByRole('button', { name: 'Datei anhängen' }).click();
    await (
      await chooser
    ).setFiles([
      { name: 'Grundriss.png', mimeType: 'image/png', buffer: picture },
      { name: 'Angebot.html', mimeType: 'text/html', buffer: Buffer.from('<script>1</script>') },
    ]);
    await expect(section.getByRole('listitem')).toHaveCount(2);
    await expect(section.getByRole('button', { name: 'Grundriss.png', exact: true })).toBeVisible();
    await expect(section.locator('img')).toHaveCount(1);
    const posted = await room.mia.event(
      (e) => e.content.msgtype === 'm.image' && e.sender !== room.mia.id,
      'the picture in the thread',
    );
    expect(bodyOf(posted)).toContain('Anna Petersen hat auf dem Board eine Datei angehängt');

    // By dropping a file on the section.
    const data = await section.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['Notiz'], 'Notiz.txt', { type: 'text/plain' }));
      return transfer;
    });
    await section.dispatchEvent('dragover', { dataTransfer: data });
    await section.dispatchEvent('drop', { dataTransfer: data });
    await expect(section.getByRole('button', { name: 'Notiz.txt', exact: true })).toBeVisible();

    await section.getByRole('button', { name: 'Grundriss.png als Titelbild' }).click();
    await expectAccessible(anna.page, 'attachments');
    await expect(mia.face('Umbau der Bücherei').locator('img')).toHaveAttribute(
      'alt',
      'Titelbild: Grundriss.png',
    );
    await expectAccessible(mia.page, 'a card with a cover');

    const theirs = await mia.open('Umbau der Bücherei');
    const download = mia.page.waitForEvent('download');
    await theirs.getByRole('button', { name: 'Angebot.html', exact: true }).click();
    expect((await download).suggestedFilename()).toBe('Angebot.html');

    await section.getByRole('button', { name: 'Grundriss.png entfernen' }).click();
    await expect(theirs.getByRole('button', { name: 'Grundriss.png', exact: true })).toHaveCount(0);
    await mia.close(theirs);
    await expect(mia.face('Umbau der Bücherei').locator('img')).toHaveCount(0);
  });
}

test('a file that is too large is refused with a sentence, and can be dismissed', async ({
  stage,
}) => {
  const room = await stage.room({ cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const dialog = await anna.open('Angebot einholen');
  const section = dialog.getByRole('region', { name: 'Anhänge' });
  await section.locator('[data-files]').evaluate((input: HTMLInputElement) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(30_000_000)], 'Film.bin'));
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect(section.getByRole('alert')).toContainText('zu groß');
  await section.getByRole('button', { name: 'Meldung zu Film.bin schließen' }).click();
  await expect(section.getByRole('listitem')).toHaveCount(0);
});

import { expect, test } from './support/story';

test('everybody sees who else is looking, and each person once', async ({ stage }) => {
  const room = await stage.room({ partner: true, colleagues: ['Jonas Lindner'] });
  const [jonas] = room.colleagues;
  if (!jonas) throw new Error('no colleague');
  const anna = await (await stage.inElement(room, room.anna)).opened();
  room.seat.leave(); // which furnished the board in Anna's name
  await anna.expectViewers(1);
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await (await stage.inElement(room, jonas)).opened();
  await anna.expectViewers(3);
  await mia.expectViewers(3);

  // A second tab of the same person.
  const second = await (await stage.inElement(room, room.anna)).opened();
  await second.expectViewers(3);
  await second.page.context().close();
  await mia.add('Offen', 'Inzwischen'); // the server has noticed by then
  await anna.expectCards('Offen', ['Inzwischen']);
  await anna.expectViewers(3);

  await anna.view.getByRole('button', { name: '3 Personen sehen zu' }).click();
  const list = anna.view.getByRole('dialog', { name: '3 Personen sehen zu' });
  await expect(list.getByRole('listitem')).toHaveCount(3);
  for (const name of ['Anna Petersen (Sie)', 'Mia Brandt', 'Jonas Lindner']) {
    await expect(list).toContainText(name);
  }
  await anna.page.keyboard.press('Escape');
  await mia.page.context().close();
  await anna.expectViewers(2);
});

test('whoever is removed from the room has the board closed at once', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await anna.expectViewers(2);
  await room.kick(room.mia, 'Projekt beendet');
  await expect(mia.view.getByRole('heading', { level: 1 })).toHaveText('Die Sitzung ist beendet');
  await expect(mia.view.getByRole('main')).toContainText('kein Mitglied mehr');
  await expect(mia.view.getByText('Angebot einholen')).toHaveCount(0);
  await anna.expectViewers(1);

  // The session that this tab still holds opens nothing.
  await mia.page.reload();
  await expect(mia.view.getByRole('heading', { level: 1 })).toHaveText('Die Sitzung ist beendet');
  await expect(mia.view.getByText('Angebot einholen')).toHaveCount(0);
});

test('who may not change the board by the room’s power levels reads it', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const mia = await (await stage.byLink(room, room.mia)).opened();
  await room.setPowerToEdit(50);
  await expect(mia.view.getByText('Sie können lesen, aber nichts ändern')).toBeVisible();
  await expect(
    mia.view.getByRole('button', { name: /hinzufügen|Aktionen|Rückgängig/ }),
  ).toHaveCount(0);
  const dialog = await mia.open('Angebot einholen');
  await expect(dialog.getByRole('textbox', { name: 'Titel' })).not.toBeEditable();
  await expect(dialog.getByLabel('Spalte')).toBeDisabled();
  await mia.close(dialog);
  await mia.face('Angebot einholen').focus();
  await mia.page.keyboard.press('Space');
  // Where nothing can be picked up Space presses, as on any button.
  await expect(dialog).toBeVisible();
  await mia.close(dialog);
  // She still sees what others do.
  await room.seat.addCard('Grundriss abstimmen');
  await mia.expectCards('Offen', ['Angebot einholen', 'Grundriss abstimmen']);
  await expect(mia.card('Angebot einholen')).not.toHaveAttribute('data-lifted', '');

  // A moderator gives her the right, and she goes on without doing anything.
  await room.setPowerOf(room.mia, 50);
  await mia.add('Offen', 'Möbel aussuchen');
  await expect(mia.view.getByText('Sie können lesen, aber nichts ändern')).toHaveCount(0);
});

test('who comes into the room can be assigned at once, by name', async ({ stage }) => {
  const room = await stage.room({ partner: true, cards: { open: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const dialog = await anna.open('Angebot einholen');
  await anna.pick(dialog.getByRole('combobox', { name: 'Person hinzufügen' }), 'Mia Brandt');
  await expect(dialog.getByRole('group', { name: 'Zugewiesen an' })).toContainText('Mia Brandt');
  await dialog.getByRole('button', { name: 'Mia Brandt entfernen' }).click();
  await expect(dialog.getByRole('button', { name: 'Mia Brandt entfernen' })).toHaveCount(0);
});

test('when the room is replaced the page leads to the new one, where the board is', async ({
  stage,
}) => {
  const room = await stage.room({ cards: { doing: ['Angebot einholen'] } });
  const anna = await (await stage.inElement(room, room.anna)).opened();
  const successor = await room.upgrade();
  await expect(anna.view.getByRole('main')).toContainText('durch einen neuen ersetzt');
  await expect(anna.view.getByRole('link', { name: 'Neuen Raum öffnen' })).toHaveAttribute(
    'href',
    `https://matrix.to/#/${encodeURIComponent(successor)}`,
  );
  const there = await (await stage.inElement({ id: successor }, room.anna)).opened();
  await there.expectCards('In Arbeit', ['Angebot einholen']);
});

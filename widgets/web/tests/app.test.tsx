import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it, vi } from 'vitest';
import { exampleBoard } from '../dev/exampleBoard';
import { StandInBoard } from '../dev/standInBoard';
import { App } from '../src/App';
import type { Lang } from '../src/live/protocol';
import { ServerRefusal, Unreachable } from '../src/session/server';
import type { SignIn } from '../src/session/signIn';
import './parts';
import { Network } from './standInSocket';

const anna = '@anna:amt.example';
const jens = '@jens:amt.example';

function open(board: StandInBoard, lang: Lang = 'de', signIn?: Partial<SignIn>) {
  const network = new Network(board);
  const user = userEvent.setup();
  render(
    <App
      room={null}
      live={{ url: 'ws://stand-in', lang, open: network.open }}
      signIn={{
        repeatable: false,
        signOut: null,
        forget: () => undefined,
        session: () => Promise.resolve(anna),
        ...signIn,
      }}
    />,
  );
  return { board, network, user };
}

function column(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-column-id="${id}"]`);
  if (!found) throw new Error(`no column ${id}`);
  return found;
}

function titlesIn(id: string): string[] {
  return [...column(id).querySelectorAll('[data-card-id]')].map(
    (card) => card.querySelector('[data-card-face] > span')?.textContent ?? '',
  );
}

async function expectAccessible(): Promise<void> {
  // Colours and sizes need a layout; the browser tests look at those.
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}

describe('the board', () => {
  it('shows columns and cards in their order and is accessible', async () => {
    open(exampleBoard());
    await screen.findByText('Telefonnummern umziehen');
    expect(screen.getAllByRole('heading', { level: 2 }).map((h) => h.textContent)).toEqual([
      'Ideen',
      'Offen',
      'In Arbeit',
      'Wartet auf Freigabe durch die Amtsleitung',
      'Erledigt',
    ]);
    expect(titlesIn('fertig')).toEqual(['Mietvertrag unterschreiben', 'Kick-off mit allen Ämtern']);
    await expectAccessible();
  });

  it('takes titles as text, whatever they look like', async () => {
    open(exampleBoard());
    expect(await screen.findByText('מסמך 🏛️ <b>Hinweis</b> für Besucher')).toHaveAttribute(
      'dir',
      'auto',
    );
  });

  it('adds one card after another and undoes the last by its message', async () => {
    const { board, user } = open(exampleBoard());
    await user.click(await screen.findByRole('button', { name: 'Karte hinzufügen zu Ideen' }));
    await user.keyboard('Erste{Enter}Zweite{Enter}');
    expect(titlesIn('ideen').slice(-2)).toEqual(['Erste', 'Zweite']);
    expect(screen.getByLabelText('Titel der neuen Karte')).toHaveFocus();
    const region = screen.getByRole('region', { name: 'Meldungen' });
    await user.click(within(region).getByRole('button', { name: 'Rückgängig' }));
    expect(titlesIn('ideen').at(-1)).toBe('Erste');
    const stored = [...board.items.values()].filter((i) => i.fields.title === 'Zweite');
    expect(stored[0]?.fields.deleted).toBe(true);
  });

  it('says when a title has no more room', async () => {
    const { user } = open(exampleBoard());
    await user.click(await screen.findByRole('button', { name: 'Spalte hinzufügen' }));
    const field = screen.getByLabelText('Titel der neuen Spalte');
    fireEvent.change(field, { target: { value: 'x'.repeat(299) } });
    expect(screen.queryByText('Höchstens 300 Zeichen.')).toBeNull();
    await user.type(field, 'xx');
    expect(field).toHaveValue('x'.repeat(300));
    expect(screen.getByText('Höchstens 300 Zeichen.')).toBeVisible();
  });

  it('deletes without asking and brings back with Ctrl+Z', async () => {
    const { user } = open(exampleBoard());
    await user.click(
      await screen.findByRole('button', { name: 'Aktionen für Telefonnummern umziehen' }),
    );
    await user.click(await screen.findByRole('menuitem', { name: 'Löschen' }));
    expect(titlesIn('offen')).not.toContain('Telefonnummern umziehen');
    await user.keyboard('{Control>}z{/Control}');
    expect(titlesIn('offen')).toContain('Telefonnummern umziehen');
  });

  it('leaves Ctrl+Z in a field to the field', async () => {
    const { network, user } = open(exampleBoard());
    await user.type(await screen.findByLabelText('Karten filtern'), 'Raum');
    await user.keyboard('{Control>}z{/Control}');
    expect(network.heard.some((m) => m.act === 'undo')).toBe(false);
  });

  it('moves a card by its menu', async () => {
    const { board, user } = open(exampleBoard());
    await user.click(await screen.findByRole('button', { name: /^Aktionen für Brandschutz/ }));
    await user.click(await screen.findByRole('menuitem', { name: 'Verschieben nach…' }));
    const dialog = await screen.findByRole('dialog', { name: '„Brandschutzordnung“ verschieben' });
    await user.selectOptions(within(dialog).getByLabelText('Spalte'), 'Erledigt');
    await user.selectOptions(within(dialog).getByLabelText('Position'), 'Ganz unten');
    await expectAccessible();
    await user.click(within(dialog).getByRole('button', { name: 'Verschieben' }));
    expect(titlesIn('fertig').at(-1)).toBe('Brandschutzordnung');
    expect(board.items.get('karte8')?.fields.column).toBe('fertig');
    await waitFor(() => {
      expect(document.activeElement?.closest('[data-card-id]')).toHaveAttribute(
        'data-card-id',
        'karte8',
      );
    });
  });

  it('moves nothing to where it is already', async () => {
    const { network, user } = open(exampleBoard());
    await user.click(await screen.findByRole('button', { name: /^Aktionen für Brandschutz/ }));
    await user.click(await screen.findByRole('menuitem', { name: 'Verschieben nach…' }));
    await user.click(await screen.findByRole('button', { name: 'Verschieben' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(network.heard.some((m) => m.act === 'card.move')).toBe(false);
  });

  it('moves a card by keyboard and says so in the language of the page', async () => {
    open(exampleBoard());
    const card = await screen.findByText('Wegweiser auch in Leichter Sprache');
    // The dragging library reads key codes, which user-event does not give.
    fireEvent.keyDown(card, { keyCode: 32 });
    const announced = () => document.querySelector('[id^="rfd-announcement"]');
    await waitFor(() => {
      expect(announced()).toHaveTextContent(
        'Wegweiser auch in Leichter Sprache aufgenommen, Position 1 von 2.',
      );
    });
    fireEvent.keyDown(card, { keyCode: 27 });
    await waitFor(() => {
      expect(announced()).toHaveTextContent('Abgebrochen.');
    });
  });

  it('shows what others do, and who is there', async () => {
    const { board } = open(exampleBoard());
    await screen.findByText('Brandschutzordnung');
    expect(screen.getByRole('button', { name: '1 Person sieht zu' })).toBeVisible();
    act(() => {
      board.connect(() => undefined).receive(JSON.stringify({ t: 'hello', session: jens }));
      board.change(jens, [{ item: 'karte8', kind: 'card', set: { title: 'Neu benannt' } }]);
    });
    expect(await screen.findByText('Neu benannt')).toBeVisible();
    expect(await screen.findByRole('button', { name: '2 Personen sehen zu' })).toBeVisible();
  });

  it('rolls back what is refused and says the sentence', async () => {
    const { board, user } = open(exampleBoard());
    await user.click(await screen.findByRole('button', { name: 'Karte hinzufügen zu Ideen' }));
    board.can = { edit: false, comment: false, configure: false };
    await user.keyboard('Darf nicht{Enter}');
    expect(titlesIn('ideen')).not.toContain('Darf nicht');
    expect(screen.getByRole('alert')).toHaveTextContent('Sie dürfen hier nichts ändern.');
  });

  it('becomes read-only with a reason the moment the right is taken away', async () => {
    const { board } = open(exampleBoard());
    await screen.findByText('Brandschutzordnung');
    act(() => {
      board.tell({ t: 'you', can: { edit: false, comment: false, configure: false } });
    });
    expect(await screen.findByText(/Ihre Berechtigungsstufe/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Karte hinzufügen/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Aktionen für/ })).toBeNull();
    await expectAccessible();
  });

  it('filters by text and by person', async () => {
    const { user } = open(exampleBoard());
    await user.type(await screen.findByLabelText('Karten filtern'), 'vergabe');
    await waitFor(() => {
      expect(document.querySelectorAll('[data-card-id]')).toHaveLength(1);
    });
    expect(await screen.findByText('1 Karte passt zum Filter.')).toHaveRole('status');
    await user.click(screen.getByRole('button', { name: 'Filter aufheben' }));
    await waitFor(() => {
      expect(screen.queryByText(/zum Filter\.$/)).toBeNull();
    });
    await user.selectOptions(screen.getByLabelText('Nach Zuweisung filtern'), 'Jens Müller');
    await waitFor(() => {
      expect(document.querySelectorAll('[data-card-id]')).toHaveLength(3);
    });
    expect(await screen.findByText('3 Karten passen zum Filter.')).toHaveRole('status');
  });

  it('asks where the cards of a removed column go, and not if it has none', async () => {
    const { board, user } = open(exampleBoard());
    board.put('column', 'leer', { title: 'Leer', rank: '000900000000' });
    await user.click(await screen.findByRole('button', { name: 'Aktionen für Spalte Ideen' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Spalte entfernen' }));
    const dialog = await screen.findByRole('dialog', { name: 'Spalte „Ideen“ entfernen' });
    await user.selectOptions(within(dialog).getByLabelText('Wohin sollen ihre Karten?'), 'Offen');
    await user.click(within(dialog).getByRole('button', { name: 'Spalte entfernen' }));
    expect(document.querySelector('[data-column-id="ideen"]')).toBeNull();
    expect(titlesIn('offen')).toHaveLength(5);
    await waitFor(() => {
      expect(within(column('offen')).getByRole('button', { name: 'Offen' })).toHaveFocus();
    });
  });

  it('renames a column', async () => {
    const { board, user } = open(exampleBoard());
    await user.click(await screen.findByRole('button', { name: 'Aktionen für Spalte Ideen' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Umbenennen' }));
    const field = await screen.findByLabelText('Titel der Spalte');
    await user.clear(field);
    await user.type(field, 'Wünsche{Enter}');
    expect(board.items.get('ideen')?.fields.title).toBe('Wünsche');
  });

  it('helps with an empty board, in English too', async () => {
    const { user } = open(new StandInBoard(), 'en');
    expect(await screen.findByText('This board has no columns yet')).toBeVisible();
    await expectAccessible();
    await user.click(screen.getByRole('button', { name: 'Add column' }));
    await user.keyboard('To do{Enter}');
    expect(screen.getByRole('heading', { level: 2, name: 'To do' })).toBeVisible();
    // The field is there for the next one.
    expect(screen.getByLabelText('Title of the new column')).toHaveFocus();
    await user.keyboard('Done{Enter}');
    expect(screen.getByRole('heading', { level: 2, name: 'Done' })).toBeVisible();
  });
});

describe('a card', () => {
  async function openCard(title: string) {
    const page = open(exampleBoard());
    await page.user.click(await screen.findByText(title));
    const dialog = await screen.findByRole('dialog', { name: new RegExp(title) });
    return { ...page, dialog };
  }

  it('saves its fields when they are left', async () => {
    const { board, user, dialog } = await openCard('Angebot für Umzugsfirma einholen');
    const title = within(dialog).getByLabelText('Titel');
    await user.clear(title);
    await user.type(title, 'Drei Angebote{Enter}');
    expect(board.items.get('karte3')?.fields.title).toBe('Drei Angebote');
    await user.click(within(dialog).getByRole('button', { name: 'Beschreibung bearbeiten' }));
    await user.keyboard(' Neu.{Escape}');
    await waitFor(() => {
      expect(board.items.get('karte3')?.fields.description).toMatch(/Neu\.$/);
    });
  });

  it('never loses its title', async () => {
    const { board, user, dialog } = await openCard('Brandschutzordnung');
    await user.clear(within(dialog).getByLabelText('Titel'));
    expect(within(dialog).getByText('Eine Karte braucht einen Titel.')).toBeVisible();
    await user.keyboard('{Escape}');
    expect(board.items.get('karte8')?.fields.title).toBe('Brandschutzordnung');
  });

  it('neither sends nor loses a description that is too long', async () => {
    const { board, network, user, dialog } = await openCard('Brandschutzordnung');
    const field = () => screen.getByLabelText<HTMLTextAreaElement>('Beschreibung');
    await user.click(within(dialog).getByRole('button', { name: 'Beschreibung hinzufügen' }));
    fireEvent.change(field(), { target: { value: 'ä'.repeat(8192) } });
    expect(within(dialog).getByText('Noch Platz für höchstens 0 Zeichen.')).toBeVisible();
    fireEvent.change(field(), { target: { value: 'ä'.repeat(8195) } });
    expect(within(dialog).getByRole('alert')).toHaveTextContent('wird so nicht gespeichert');
    expect(within(dialog).getByText(/Kürzen Sie sie um 3 Zeichen\./)).toBeVisible();
    await expectAccessible();

    await user.click(field());
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(screen.getByRole('alert')).toHaveTextContent('Öffnen Sie die Karte');
    });
    expect(network.heard.some((m) => m.act === 'card.edit')).toBe(false);

    await user.click(await screen.findByText('Brandschutzordnung'));
    await screen.findByRole('dialog');
    expect(field().value).toHaveLength(8195);
    fireEvent.change(field(), { target: { value: 'Kurz' } });
    await user.keyboard('{Escape}');
    await waitFor(() => {
      expect(board.items.get('karte8')?.fields.description).toBe('Kurz');
    });
  });

  it('shows comments as they are and where to write one', async () => {
    const { dialog } = await openCard('Angebot für Umzugsfirma einholen');
    expect(await within(dialog).findByText(/Firma Hansen hat abgesagt/)).toBeVisible();
    expect(within(dialog).getByRole('link', { name: 'Im Chat antworten' })).toHaveAttribute(
      'href',
      'https://matrix.to/#/!projekt%3Aamt.example/%24nachricht3',
    );
    await expectAccessible();
  });

  it('sets and clears the due date, people and labels', async () => {
    const { board, user, dialog } = await openCard('Brandschutzordnung');
    const fields = () => board.items.get('karte8')?.fields ?? {};
    await user.click(within(dialog).getByRole('button', { name: 'Ohne Frist' }));
    expect(fields().due).toBeUndefined();
    await user.click(within(dialog).getByRole('button', { name: 'Heute' }));
    expect(fields().due).toMatch(/^\d{4}-\d\d-\d\d$/);
    await user.click(within(dialog).getByRole('button', { name: 'Jens Müller entfernen' }));
    expect(fields()[`assignee/${jens}`]).toBeUndefined();
    await user.click(within(dialog).getByRole('combobox', { name: 'Person hinzufügen' }));
    await user.click(await screen.findByRole('option', { name: 'Anna Petersen' }));
    expect(fields()[`assignee/${anna}`]).toBe(true);
    await user.type(within(dialog).getByRole('combobox', { name: 'Schlagwort hinzufügen' }), 'neu');
    await user.click(await screen.findByRole('option', { name: 'Neues Schlagwort „neu“' }));
    expect(fields()['label/neu']).toBe(true);
  });

  it('takes what is typed with Enter, if that can be meant', async () => {
    const { board, user, dialog } = await openCard('Brandschutzordnung');
    const fields = () => board.items.get('karte8')?.fields ?? {};
    const label = () => within(dialog).getByRole('combobox', { name: 'Schlagwort hinzufügen' });
    await user.type(label(), 'Eilt sehr{Enter}');
    expect(fields()['label/Eilt sehr']).toBe(true);
    expect(label()).toHaveFocus();
    expect(label()).toHaveValue('');
    await user.keyboard('VERGABE{Enter}');
    expect(fields()['label/vergabe']).toBe(true);
    await user.keyboard('verg{Enter}');
    expect(fields()['label/verg']).toBe(true);
    await user.keyboard('vergabe{Enter}');
    expect(await screen.findByText('Steht schon auf der Karte')).toBeVisible();
    await user.keyboard('{Escape}');
    expect(label()).toHaveValue('');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(label()).toHaveAttribute('maxlength', '50');

    const person = () => within(dialog).getByRole('combobox', { name: 'Person hinzufügen' });
    // Three are called something with an “a”.
    await user.type(person(), 'a{Enter}');
    expect(screen.getAllByRole('option').length).toBeGreaterThan(1);
    expect(person()).toHaveValue('a');
    await user.type(person(), 'nna{Enter}');
    expect(fields()[`assignee/${anna}`]).toBe(true);
  });

  it('shows fifty people of a large room, and finds all of them', async () => {
    const board = exampleBoard();
    for (let i = 1; i <= 500; i += 1) {
      board.members.set(`@p${String(i)}:amt.example`, `Person ${String(i)}`);
    }
    const { user } = open(board);
    await user.click(await screen.findByText('Telefonnummern umziehen'));
    const field = await screen.findByRole('combobox', { name: 'Person hinzufügen' });
    await user.click(field);
    expect(await screen.findAllByRole('option')).toHaveLength(50);
    expect(field).toHaveAccessibleDescription(/454 weitere/);
    await user.type(field, '499{Enter}');
    expect(board.items.get('karte5')?.fields['assignee/@p499:amt.example']).toBe(true);
  });

  it('keeps what is being typed while others change the card', async () => {
    const { board, user, dialog } = await openCard('Brandschutzordnung');
    await user.click(within(dialog).getByRole('button', { name: 'Beschreibung hinzufügen' }));
    await user.keyboard('Halb fertig');
    act(() => {
      board.change(jens, [
        { item: 'karte8', kind: 'card', set: { title: 'Anders', description: 'x' } },
      ]);
    });
    await waitFor(() => {
      expect(within(dialog).getByLabelText('Titel')).toHaveValue('Anders');
    });
    expect(within(dialog).getByLabelText('Beschreibung')).toHaveValue('Halb fertig');
  });

  it('says so when somebody deletes it meanwhile', async () => {
    const { board } = await openCard('Brandschutzordnung');
    act(() => {
      board.change(jens, [{ item: 'karte8', kind: 'card', set: { deleted: true } }]);
    });
    const [said] = await screen.findAllByText('Diese Karte wurde gelöscht.');
    expect(said).toBeVisible();
  });
});

describe('the session', () => {
  it('shows the sentence of a refused sign-in and offers another way', async () => {
    const { user } = open(exampleBoard(), 'de', {
      session: () => Promise.reject(new ServerRefusal('unauthenticated', 'Schon benutzt.')),
    });
    expect(await screen.findByText('Schon benutzt.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Erneut versuchen' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Neuen Link anfordern' }));
    expect(screen.getByLabelText('Ihre Matrix-ID')).toBeVisible();
  });

  it('offers to try again after what may pass, also with a link', async () => {
    const session = vi.fn(() => Promise.resolve(anna)).mockRejectedValueOnce(new Unreachable());
    const { user } = open(exampleBoard(), 'de', { session });
    expect(await screen.findByText(/Der Server ist nicht erreichbar/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Erneut versuchen' }));
    expect(await screen.findByText('Brandschutzordnung')).toBeVisible();
  });

  it('asks for a Matrix ID, checks its shape and says the same to everybody', async () => {
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockResolvedValue(new Response('{}', { status: 202 }));
    const { user } = open(exampleBoard(), 'de', { session: () => Promise.resolve(null) });
    const field = await screen.findByLabelText('Ihre Matrix-ID');
    await user.type(field, 'anna{Enter}');
    expect(screen.getByRole('alert')).toHaveTextContent('@name:beispiel.de');
    expect(fetched).not.toHaveBeenCalled();
    await user.clear(field);
    await user.type(field, '@anna:amt.example{Enter}');
    expect(await screen.findByText(/Direktnachricht mit dem Link/)).toBeVisible();
    await expectAccessible();
  });

  it('ends with a reason, and signs in again where that needs nobody', async () => {
    const session = vi.fn(() => Promise.resolve(anna));
    const { board, user } = open(exampleBoard(), 'de', { repeatable: true, session });
    await screen.findByText('Brandschutzordnung');
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    act(() => {
      board.tell({ t: 'bye', reason: 'expired', message: '' });
    });
    const heading = await screen.findByRole('heading', { name: 'Die Sitzung ist beendet' });
    await waitFor(() => {
      expect(heading).toHaveFocus();
    });
    await user.click(screen.getByRole('button', { name: 'Erneut anmelden' }));
    expect(await screen.findByText('Brandschutzordnung')).toBeVisible();
    expect(session).toHaveBeenCalledTimes(2);
  });

  it('leads to the new room after an upgrade', async () => {
    const { board } = open(exampleBoard());
    await screen.findByText('Brandschutzordnung');
    act(() => {
      board.tell({ t: 'bye', reason: 'moved', message: '', room: '!neu:amt.example' });
    });
    expect(await screen.findByRole('link', { name: 'Neuen Raum öffnen' })).toHaveAttribute(
      'href',
      'https://matrix.to/#/!neu%3Aamt.example',
    );
  });
});

import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { exampleBoard } from '../dev/exampleBoard';
import { App } from '../src/App';
import type { Fields } from '../src/live/protocol';
import './parts';
import { Network } from './standInSocket';

const offer = 'Angebot für Umzugsfirma einholen';

async function openCard(title: string, rights = { edit: true, comment: true, configure: true }) {
  const board = exampleBoard();
  board.can = rights;
  const user = userEvent.setup();
  render(
    <App
      room={null}
      live={{ url: 'ws://stand-in', lang: 'de', open: new Network(board).open }}
      signIn={{
        repeatable: false,
        signOut: null,
        forget: () => undefined,
        session: () => Promise.resolve('@anna:amt.example'),
      }}
    />,
  );
  await user.click(await screen.findByText(title));
  const dialog = await screen.findByRole('dialog', { name: new RegExp(title) });
  const fields = (card: string): Fields => board.items.get(card)?.fields ?? {};
  return { board, dialog, fields, user };
}

async function expectAccessible(): Promise<void> {
  // Colours and sizes need a layout; the browser tests look at those.
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}

describe('a card with everything', () => {
  it('shows its description as Markdown, and takes nothing in it for HTML', async () => {
    const { dialog, user, fields } = await openCard(offer);
    const shown = within(dialog).getByRole('region', { name: 'Beschreibung' });
    const link = await within(shown).findByRole('link', { name: 'Inventar' });
    expect(link).toHaveAttribute('href', 'https://intern.amt.example/inventar');
    expect(link).toHaveAttribute('target', '_blank');
    expect(link).toHaveAttribute('rel', 'noreferrer');
    expect(within(shown).getByRole('heading', { name: 'Was dazugehört' })).toBeVisible();
    await expectAccessible();

    await user.click(within(dialog).getByRole('button', { name: 'Beschreibung bearbeiten' }));
    const field = within(dialog).getByLabelText('Beschreibung');
    await waitFor(() => {
      expect(field).toHaveFocus();
    });
    await user.clear(field);
    await user.paste('**a** <img src=x onerror=alert(1)> [x](javascript:alert(1))');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => {
      expect(screen.getByRole('button', { name: 'Beschreibung bearbeiten' })).toHaveFocus();
    });
    await waitFor(() => {
      expect(fields('karte3').description).toBe(
        '**a** <img src=x onerror=alert(1)> [x](javascript:alert(1))',
      );
    });
    const anew = within(dialog).getByRole('region', { name: 'Beschreibung' });
    await waitFor(() => {
      expect(anew.querySelector('strong')).toHaveTextContent('a');
    });
    expect(anew).toHaveTextContent('<img src=x onerror=alert(1)> [x](javascript:alert(1))');
    expect(anew.querySelector('img, a')).toBeNull();
  });

  it('has its checklist worked with the keyboard alone', async () => {
    const { dialog, user, fields } = await openCard('Brandschutzordnung');
    await user.click(within(dialog).getByRole('button', { name: 'Checkliste hinzufügen' }));
    await user.keyboard('Entwurf{Enter}Freigabe{Enter}');
    const list = await within(dialog).findByRole('list', { name: 'Checkliste' });
    const names = () =>
      within(list)
        .getAllByRole('checkbox')
        .map((box) => box.closest('li')?.textContent);
    await waitFor(() => {
      expect(names()).toEqual(['Entwurf', 'Freigabe']);
    });

    within(list).getByRole('checkbox', { name: 'Freigabe' }).focus();
    await user.keyboard(' ');
    await waitFor(() => {
      expect(within(dialog).getByRole('progressbar')).toHaveAccessibleName(
        '1 von 2 Punkten erledigt',
      );
    });
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
    await waitFor(() => {
      expect(names()).toEqual(['Freigabe', 'Entwurf']);
    });
    await waitFor(() => {
      expect(within(list).getByRole('checkbox', { name: 'Freigabe' })).toHaveFocus();
    });
    expect(await within(dialog).findByText('Freigabe: Position 1 von 2.')).toBeInTheDocument();
    await user.keyboard('{F2}');
    await waitFor(() => {
      expect(within(dialog).getByLabelText('Text des Punkts')).toHaveFocus();
    });
    await user.clear(within(dialog).getByLabelText('Text des Punkts'));
    await user.keyboard('Mitzeichnung{Enter}');
    await waitFor(() => {
      expect(within(list).getByRole('checkbox', { name: 'Mitzeichnung' })).toHaveFocus();
    });
    await user.keyboard('{Delete}');
    await waitFor(() => {
      expect(names()).toEqual(['Entwurf']);
    });
    await waitFor(() => {
      expect(within(list).getByRole('checkbox', { name: 'Entwurf' })).toHaveFocus();
    });
    await waitFor(() => {
      expect(Object.values(fields('karte8'))).toContain('Entwurf');
      expect(Object.values(fields('karte8'))).not.toContain('Mitzeichnung');
    });
    await expectAccessible();
  });

  it('is related to another that is found by its number, and leads there', async () => {
    const { dialog, user, fields } = await openCard('Brandschutzordnung');
    await user.click(within(dialog).getByRole('button', { name: 'Karte verknüpfen' }));
    await user.selectOptions(
      within(dialog).getByLabelText('Wie die andere Karte verknüpft ist'),
      'Wird blockiert von',
    );
    await user.type(
      within(dialog).getByRole('combobox', { name: 'Nummer oder Titel der Karte' }),
      '#1{Enter}',
    );
    await waitFor(() => {
      expect(fields('karte1')['blocks/karte8']).toBe(true);
    });
    await waitFor(() => {
      expect(
        document.querySelector('[data-card-id="karte8"] [data-card-face]')?.textContent,
      ).toContain('Blockiert');
    });
    await expectAccessible();
    await user.click(
      within(dialog).getByRole('button', { name: '#1 Wegweiser auch in Leichter Sprache' }),
    );
    const other = await screen.findByRole('dialog', { name: /Wegweiser/ });
    await user.click(
      within(other).getByRole('button', {
        name: 'Verknüpfung mit #8 Brandschutzordnung entfernen',
      }),
    );
    await waitFor(() => {
      expect(fields('karte1')['blocks/karte8']).toBeUndefined();
    });
  });

  it('takes links to the web, and no others', async () => {
    const { dialog, user, fields } = await openCard('Brandschutzordnung');
    await user.click(within(dialog).getByRole('button', { name: 'Link hinzufügen' }));
    await user.keyboard('javascript:alert(1){Enter}');
    await waitFor(() => {
      expect(within(dialog).getByText(/Eine Adresse beginnt mit/)).toBeVisible();
    });
    await user.clear(within(dialog).getByLabelText('Adresse (https://…)'));
    await user.type(
      within(dialog).getByLabelText('Adresse (https://…)'),
      'amt.example/brand{Enter}',
    );
    const link = await within(dialog).findByRole('link', { name: 'amt.example/brand' });
    expect(link).toHaveAttribute('href', 'https://amt.example/brand');
    // It comes a frame later, and must not come while the next is typed.
    await waitFor(() => {
      expect(within(dialog).getByRole('button', { name: 'Link hinzufügen' })).toHaveFocus();
    });
    await user.click(within(dialog).getByRole('button', { name: 'Link amt.example/brand ändern' }));
    await user.type(within(dialog).getByLabelText(/Angezeigter Text/), 'Ordnung{Enter}');
    await waitFor(() => {
      expect(within(dialog).getByRole('link', { name: 'Ordnung' })).toBeVisible();
    });
    await user.click(await within(dialog).findByRole('button', { name: 'Link Ordnung entfernen' }));
    await waitFor(() => {
      expect(Object.keys(fields('karte8')).filter((name) => name.startsWith('link/'))).toEqual([]);
    });
  });

  it('has a start, and a priority that its face shows', async () => {
    const { dialog, user, fields } = await openCard('Brandschutzordnung');
    await user.selectOptions(within(dialog).getByLabelText('Priorität'), 'Hoch');
    await user.click(within(dialog).getByRole('button', { name: 'Beginn festlegen' }));
    const [begins] = within(dialog).getAllByRole('button', { name: 'Heute' });
    if (begins) await user.click(begins);
    await waitFor(() => {
      expect(fields('karte8').priority).toBe('high');
      expect(fields('karte8').start).toMatch(/^\d{4}-\d\d-\d\d$/);
    });
    await waitFor(() => {
      const face = document.querySelector('[data-card-id="karte8"] [data-card-face]');
      expect(face).toHaveTextContent(/Priorität: Hoch/);
      expect(face).toHaveTextContent(/Ab \d/);
    });
  });

  it('has labels that get a colour and a name for the whole room', async () => {
    const { dialog, user, board } = await openCard('Telefonnummern umziehen');
    const chip = () => within(dialog).getByRole('button', { name: 'Farbe und Name von technik' });
    await user.click(chip());
    await user.click(await screen.findByRole('menuitemradio', { name: 'Violett' }));
    await waitFor(() => {
      expect(board.items.get('hash-technik')?.fields.color).toBe('purple');
    });
    await waitFor(() => {
      expect(
        document.querySelector('[data-card-id="karte2"] [data-color="purple"]'),
      ).toHaveTextContent('technik');
    });
    await user.click(chip());
    await user.click(await screen.findByRole('menuitem', { name: 'Überall umbenennen…' }));
    const asked = await screen.findByRole('dialog', { name: /auf allen Karten umbenennen/ });
    await user.clear(within(asked).getByLabelText('Name des Schlagworts'));
    await user.type(within(asked).getByLabelText('Name des Schlagworts'), 'IT{Enter}');
    await waitFor(() => {
      expect(board.items.get('karte2')?.fields['label/IT']).toBe(true);
      expect(board.items.get('karte5')?.fields['label/technik']).toBeUndefined();
    });
  });

  it('is put aside, found in the archive, and brought back', async () => {
    const { dialog, user, fields } = await openCard('Brandschutzordnung');
    await user.click(within(dialog).getByRole('button', { name: 'Archivieren' }));
    await waitFor(() => {
      expect(fields('karte8').archived).toBe(true);
      expect(document.querySelector('[data-card-id="karte8"]')).toBeNull();
    });
    await user.click(screen.getByRole('button', { name: 'Archiv' }));
    const archive = await screen.findByRole('dialog', { name: 'Archiv' });
    await waitFor(() => {
      expect(within(archive).getByRole('status')).toHaveTextContent('2 archivierte Karten');
    });
    await user.type(within(archive).getByLabelText('Archiv durchsuchen'), 'brandschutz');
    await waitFor(() => {
      expect(within(archive).queryByText('Umzugskartons bestellen')).toBeNull();
    });
    await expectAccessible();
    await user.click(
      within(archive).getByRole('button', { name: 'Brandschutzordnung zurückholen' }),
    );
    await waitFor(() => {
      expect(fields('karte8').archived).toBeUndefined();
      expect(document.querySelector('[data-card-id="karte8"]')).not.toBeNull();
    });
  });

  it('can be read but not changed by who may only look', async () => {
    const { dialog } = await openCard(offer, { edit: false, comment: false, configure: false });
    expect(within(dialog).getAllByRole('checkbox')[0]).toBeDisabled();
    expect(within(dialog).getByLabelText('Priorität')).toBeDisabled();
    expect(within(dialog).getByRole('button', { name: /^#6/ })).toBeEnabled();
    for (const name of [
      /hinzufügen/,
      /entfernen/,
      /bearbeiten/,
      /Aktionen/,
      /Farbe/,
      /Archivieren/,
    ]) {
      expect(within(dialog).queryByRole('button', { name })).toBeNull();
    }
    await expectAccessible();
  });
});

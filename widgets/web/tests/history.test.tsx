import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { anna, expectAccessible, open } from './open';

describe('the history of a card', () => {
  it('tells what was done, grows by itself, and takes back', async () => {
    const { board, user } = open();
    board.change(anna, [
      { item: 'umzug', kind: 'card', set: { title: 'Umzug', column: 'offen', rank: '9' } },
    ]);
    board.change('@jens:amt.example', [
      { item: 'umzug', kind: 'card', set: { due: '2026-12-03' } },
    ]);
    await user.click(await screen.findByText('Umzug'));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Verlauf zeigen' }));
    const list = await within(dialog).findByRole('list', { name: 'Verlauf' });
    expect(await within(list).findByText('Karte angelegt')).toBeVisible();
    expect(within(list).getByText(/Fällig auf 3\. Dez\. (2026 )?gesetzt/)).toBeVisible();
    expect(within(list).queryByRole('button')).toBeNull();

    act(() => {
      board.change(anna, [
        { item: 'umzug', kind: 'card', set: { title: 'Großer Umzug', column: 'arbeit' } },
      ]);
    });
    const renamed = await within(list).findByText('Titel von „Umzug“ in „Großer Umzug“ geändert');
    expect(renamed).toBeVisible();
    expect(within(list).getByText('Von „Offen“ nach „In Arbeit“ verschoben')).toBeVisible();
    await expectAccessible();

    await user.click(await within(list).findByRole('button', { name: /^Rückgängig machen/ }));
    await waitFor(() => {
      expect(list).toHaveFocus();
    });
    await waitFor(() => {
      expect(board.items.get('umzug')?.fields).toMatchObject({ title: 'Umzug', column: 'offen' });
    });
  });

  it('brings a former text back as a new change', async () => {
    const { board, user } = open();
    board.change(anna, [
      { item: 'umzug', kind: 'card', set: { title: 'Umzug', column: 'offen', rank: '9' } },
    ]);
    for (const description of ['Erst so <b>', 'Dann anders']) {
      board.change(anna, [{ item: 'umzug', kind: 'card', set: { description } }]);
    }
    await user.click(await screen.findByText('Umzug'));
    const dialog = await screen.findByRole('dialog');
    await user.click(within(dialog).getByRole('button', { name: 'Verlauf zeigen' }));
    await user.click(await within(dialog).findByText('Frühere Beschreibung'));
    expect(await within(dialog).findByText('Erst so <b>')).toBeVisible();
    await user.click(within(dialog).getByRole('button', { name: 'Diesen Text wiederherstellen' }));
    await waitFor(() => {
      expect(board.items.get('umzug')?.fields.description).toBe('Erst so <b>');
    });
  });
});

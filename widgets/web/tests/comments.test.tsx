import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { expectAccessible, open } from './open';

async function openCard(user: ReturnType<typeof open>['user']) {
  await user.click(await screen.findByText('Telefonnummern umziehen'));
  const dialog = await screen.findByRole('dialog');
  return within(within(dialog).getByRole('region', { name: 'Kommentare' }));
}

describe('comments', () => {
  it('are written by keyboard alone, name people, and are taken away again', async () => {
    const { network, user } = open();
    const comments = await openCard(user);
    const field = comments.getByRole('textbox', { name: 'Kommentar schreiben' });
    await user.click(field);
    await user.keyboard('Bitte @je');
    const option = await comments.findByRole('option', { name: /Jens/ });
    expect(field).toHaveAttribute('aria-activedescendant', option.id);
    await user.keyboard('{Enter}prüfen: https://example.org/x.{Control>}{Enter}{/Control}');
    await waitFor(() => {
      expect(comments.getByRole('link', { name: 'https://example.org/x' })).toBeVisible();
    });
    await waitFor(() => {
      expect(field).toHaveValue('');
    });
    const sent = network.heard.find(({ t }) => t === 'do');
    expect(sent).toMatchObject({ act: 'comment.add', args: { named: ['@jens:amt.example'] } });

    // Escape leaves it as it is, and the card open.
    await user.click(comments.getByRole('button', { name: /^Kommentar „Bitte @Jens.*ändern$/ }));
    const again = comments.getByRole('textbox', { name: /^Kommentar „Bitte @Jens.*ändern$/ });
    await waitFor(() => {
      expect(again).toHaveFocus();
    });
    await user.keyboard('Nein{Escape}');
    const editor = await comments.findByRole('button', {
      name: /^Kommentar „Bitte @Jens.*ändern$/,
    });
    await waitFor(() => {
      expect(editor).toHaveFocus();
    });
    await user.keyboard('{Enter}Danke!{Control>}{Enter}{/Control}');
    await waitFor(() => {
      expect(comments.getByRole('listitem')).toHaveTextContent('example.org/x.Danke!');
    });
    expect(network.heard.findLast(({ t }) => t === 'do')).toMatchObject({
      act: 'comment.edit',
      args: { named: ['@jens:amt.example'] },
    });

    await user.click(comments.getByRole('button', { name: /^Kommentar „Bitte @Jens.*löschen$/ }));
    await waitFor(() => {
      expect(comments.queryByRole('link', { name: 'https://example.org/x' })).toBeNull();
    });
  });

  it('wait for a connection, cannot be undone, and are shown meanwhile', async () => {
    const { network, user } = open();
    const comments = await openCard(user);
    network.up = false;
    network.cut();
    const field = comments.getByRole('textbox', { name: 'Kommentar schreiben' });
    await user.type(field, 'Von unterwegs');
    await user.click(comments.getByRole('button', { name: 'Senden' }));
    const waiting = await comments.findByRole('list', { name: 'Kommentare auf dem Weg' });
    expect(waiting).toHaveTextContent('Von unterwegs');
    network.up = true;
    act(() => {
      window.dispatchEvent(new Event('online'));
    });
    await waitFor(() => {
      expect(comments.queryByRole('list', { name: 'Kommentare auf dem Weg' })).toBeNull();
    });
    expect(await comments.findByRole('listitem')).toHaveTextContent('Von unterwegs');

    // What is edited meanwhile is shown as it will be.
    network.up = false;
    network.cut();
    await user.click(comments.getByRole('button', { name: /ändern$/ }));
    await user.keyboard(', später{Control>}{Enter}{/Control}');
    await waitFor(() => {
      expect(comments.getByRole('listitem')).toHaveTextContent('Von unterwegs, später');
    });
    expect(comments.getByRole('listitem')).toHaveTextContent('Ist unterwegs…');
    network.up = true;
    act(() => {
      window.dispatchEvent(new Event('online'));
    });
    await waitFor(() => {
      expect(comments.getByRole('listitem')).not.toHaveTextContent('Ist unterwegs…');
    });
    expect(comments.getByRole('listitem')).toHaveTextContent('Von unterwegs, später');
  });

  it('keep what was typed when the card is closed, and end in time', async () => {
    const { user } = open();
    let comments = await openCard(user);
    await user.type(comments.getByRole('textbox'), 'Noch nicht fertig');
    await user.keyboard('{Escape}');
    comments = await openCard(user);
    const field = comments.getByRole('textbox');
    expect(field).toHaveValue('Noch nicht fertig');
    await user.clear(field);
    await user.click(field);
    await user.paste('ü'.repeat(5121));
    expect(await comments.findByText(/Der Kommentar ist zu lang/)).toBeVisible();
    expect(field).toBeInvalid();
    expect(comments.getByRole('button', { name: 'Senden' })).toBeDisabled();
    await user.clear(field);
  });

  it('say so to whom may not write', async () => {
    const { board, user } = open();
    board.can = { edit: true, comment: false, configure: false };
    const comments = await openCard(user);
    expect(comments.queryByRole('textbox')).toBeNull();
    expect(comments.getByText(/mitlesen, aber nichts schreiben/)).toBeVisible();
    await expectAccessible();
  });
});

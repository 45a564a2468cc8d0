import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { exampleBoard } from '../dev/exampleBoard';
import type { StandInBoard } from '../dev/standInBoard';
import { App } from '../src/App';
import type { SignIn } from '../src/session/signIn';
import { Network } from './standInSocket';

const anna = '@anna:amt.example';

function open(board: StandInBoard = exampleBoard(), signIn?: Partial<SignIn>) {
  const network = new Network(board);
  const user = userEvent.setup();
  render(
    <App
      room={null}
      live={{ url: 'ws://stand-in', lang: 'de', open: network.open }}
      signIn={{
        repeatable: false,
        forget: () => undefined,
        session: () => Promise.resolve(anna),
        ...signIn,
      }}
    />,
  );
  return { board, network, user };
}

describe('what was typed and refused', () => {
  async function typeWhatIsRefused() {
    const page = open();
    const { board, user } = page;
    await user.click(await screen.findByRole('button', { name: 'Karte hinzufügen zu Ideen' }));
    board.can = { edit: false, configure: false };
    await user.keyboard('Darf nicht{Enter}Auch nicht{Enter}');
    return { ...page, alert: screen.getByRole('alert') };
  }

  it('can be copied, all of it from one message', async () => {
    const { user, alert } = await typeWhatIsRefused();
    expect(within(alert).getAllByText('Sie dürfen hier nichts ändern.')).toHaveLength(1);
    await user.click(within(alert).getByRole('button', { name: 'Text kopieren' }));
    expect(await screen.findByText('Text kopiert')).toBeVisible();
    expect(await navigator.clipboard.readText()).toBe('Darf nicht\n\nAuch nicht');
    expect(alert).toBeEmptyDOMElement();
  });

  it('is shown where the browser lets nothing into the clipboard', async () => {
    const { user, alert } = await typeWhatIsRefused();
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
    await user.click(within(alert).getByRole('button', { name: 'Text kopieren' }));
    expect(await within(alert).findByRole('textbox', { name: 'Ihr Text' })).toHaveValue(
      'Darf nicht\n\nAuch nicht',
    );
  });

  it('is not offered for what holds no text', async () => {
    const { board } = open();
    await screen.findByText('Brandschutzordnung');
    board.can = { edit: false, configure: false };
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(within(screen.getByRole('alert')).queryByRole('button', { name: /Text/ })).toBeNull();
    expect(screen.getByRole('alert')).toHaveTextContent('Sie dürfen hier nichts ändern.');
  });
});

import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { exampleBoard } from '../dev/exampleBoard';
import type { StandInBoard } from '../dev/standInBoard';
import { App } from '../src/App';
import { Unreachable } from '../src/session/server';
import type { SignIn } from '../src/session/signIn';
import './parts';
import { Network } from './standInSocket';

const anna = '@anna:amt.example';

afterEach(() => {
  vi.useRealTimers();
});

function open(board: StandInBoard = exampleBoard(), signIn?: Partial<SignIn>) {
  const network = new Network(board);
  const user = userEvent.setup();
  render(
    <App
      room={null}
      live={{ url: 'ws://stand-in', lang: 'de', open: network.open }}
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

/** What is drawn first need not listen yet; what shows a later change does. */
async function listens(board: StandInBoard): Promise<void> {
  await screen.findByText('Brandschutzordnung');
  board.change(anna, [{ item: 'karte8', kind: 'card', set: { title: 'Neu benannt' } }]);
  await screen.findByText('Neu benannt');
}

describe('what was typed and refused', () => {
  async function typeWhatIsRefused() {
    const page = open();
    const { board, user } = page;
    await user.click(await screen.findByRole('button', { name: 'Karte hinzufügen zu Ideen' }));
    board.can = { edit: false, comment: false, configure: false };
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
    board.can = { edit: false, comment: false, configure: false };
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(within(screen.getByRole('alert')).queryByRole('button', { name: /Text/ })).toBeNull();
    expect(screen.getByRole('alert')).toHaveTextContent('Sie dürfen hier nichts ändern.');
  });
});

describe('undoing by the message', () => {
  async function move() {
    const page = open();
    const { user } = page;
    await user.click(await screen.findByRole('button', { name: /^Aktionen für Brandschutz/ }));
    await user.click(await screen.findByRole('menuitem', { name: 'Verschieben nach…' }));
    const dialog = await screen.findByRole('dialog');
    await user.selectOptions(within(dialog).getByLabelText('Spalte'), 'Erledigt');
    await user.click(within(dialog).getByRole('button', { name: 'Verschieben' }));
    await screen.findByRole('main'); // which the dialog hides until it is gone
    await waitFor(() => {
      expect(face()).toHaveFocus();
    });
    return page;
  }
  const face = () => document.querySelector('[data-card-id="karte8"] [data-card-face]');
  const region = () => within(screen.getByRole('region', { name: 'Meldungen' }));

  it('is confirmed, and gives the focus back to the card, though it is drawn anew', async () => {
    const { user, board } = await move();
    const before = face();
    act(() => {
      region().getByRole('button', { name: 'Rückgängig' }).focus();
    });
    await user.keyboard('{Enter}');
    expect(screen.getByText('Rückgängig gemacht')).toBeVisible();
    expect(board.items.get('karte8')?.fields.column).not.toBe('fertig');
    expect(face()).not.toBe(before);
    expect(face()).toHaveFocus();
  });

  it('keeps the focus in the page when what it came from is gone', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('button', { name: 'Karte hinzufügen zu Ideen' }));
    await user.keyboard('Neu{Enter}{Escape}');
    screen.getByRole('button', { name: 'Aktionen für Neu' }).focus();
    act(() => {
      region().getByRole('button', { name: 'Rückgängig' }).focus();
    });
    await user.keyboard('{Enter}');
    expect(screen.queryByRole('button', { name: 'Aktionen für Neu' })).toBeNull();
    expect(screen.getByRole('region', { name: 'Meldungen' })).toHaveFocus();
  });

  it('gives the focus back, too, when the message is closed or another takes its place', async () => {
    const { user } = await move();
    act(() => {
      region().getByRole('button', { name: 'Schließen' }).focus();
    });
    await user.keyboard('{Control>}z{/Control}');
    expect(face()).toHaveFocus();
    act(() => {
      region().getByRole('button', { name: 'Schließen' }).focus();
    });
    await user.keyboard('{Enter}');
    expect(region().queryByRole('button')).toBeNull();
    expect(face()).toHaveFocus();
  });
});

describe('what others do', () => {
  it('is said again when the same people change something again', async () => {
    const { board } = open();
    await listens(board);
    vi.useFakeTimers();
    const change = (due: string) => {
      act(() => {
        board.change('@jens:amt.example', [{ item: 'karte8', kind: 'card', set: { due } }]);
      });
    };
    const said = () => screen.queryByText('Änderungen am Board durch Jens Müller.');
    const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
    change('2026-12-01');
    await pass(5_000);
    expect(said()).not.toBeNull();
    change('2026-12-02');
    await pass(4_900);
    expect(said()).toBeNull();
    await pass(100);
    expect(said()).not.toBeNull();
  });
});

describe('the list of who is looking', () => {
  it('can be dismissed by a button in the language of the page', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('button', { name: '1 Person sieht zu' }));
    await screen.findByRole('dialog', { name: '1 Person sieht zu' });
    const [dismiss] = screen.getAllByRole('button', { name: 'Schließen', hidden: true });
    expect(dismiss).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Dismiss', hidden: true })).toBeNull();
  });
});

describe('who may only look', () => {
  it('is not told that something was undone', async () => {
    const board = exampleBoard();
    board.can = { edit: false, comment: false, configure: false };
    const { user, network } = open(board);
    await screen.findByText('Brandschutzordnung');
    await user.keyboard('{Control>}z{/Control}');
    expect(screen.queryByText('Rückgängig gemacht')).toBeNull();
    expect(network.heard.some((m) => m.t === 'do')).toBe(false);
  });
});

describe('a page of its own', () => {
  it.each([true, false])('takes the focus only if the page has it: %j', async (here) => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(here);
    const { board } = open();
    await listens(board);
    act(() => {
      board.tell({ t: 'bye', reason: 'removed', message: '' });
    });
    const heading = screen.getByRole('heading', { name: 'Die Sitzung ist beendet' });
    if (here) expect(heading).toHaveFocus();
    else expect(document.body).toHaveFocus();
  });
});

describe('signing out', () => {
  async function signOut(user: ReturnType<typeof userEvent.setup>) {
    await user.click(await screen.findByRole('button', { name: '1 Person sieht zu' }));
    await user.click(await screen.findByRole('button', { name: 'Abmelden' }));
  }

  it('ends the session, closes the line and says so', async () => {
    const end = vi.fn(() => Promise.resolve());
    const { user, network } = open(exampleBoard(), { signOut: end });
    await signOut(user);
    expect(await screen.findByRole('heading', { name: 'Sie sind abgemeldet' })).toBeVisible();
    expect(end).toHaveBeenCalledOnce();
    expect(network.sockets.map(({ readyState }) => readyState)).toEqual([3]);
    await user.click(screen.getByRole('button', { name: 'Neuen Link anfordern' }));
    expect(screen.getByLabelText('Ihre Matrix-ID')).toBeVisible();
  });

  it('shows one page, though the server sends this page away as well', async () => {
    const board = exampleBoard();
    const end = (): Promise<void> => {
      board.tell({ t: 'bye', reason: 'expired', message: 'Sie haben sich abgemeldet.' });
      return Promise.resolve();
    };
    const { user } = open(board, { signOut: end });
    await signOut(user);
    expect(await screen.findByRole('heading', { name: 'Sie sind abgemeldet' })).toBeVisible();
  });

  it('that does not come about leaves the person where they were, and says why', async () => {
    const end = vi.fn(() => Promise.reject(new Unreachable()));
    const { user } = open(exampleBoard(), { signOut: end });
    await signOut(user);
    expect(await screen.findByText('Brandschutzordnung')).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('Der Server ist nicht erreichbar.');
  });

  it('waits until everything is saved', async () => {
    const end = vi.fn(() => Promise.resolve());
    const { user, network } = open(exampleBoard(), { signOut: end });
    await user.click(await screen.findByRole('button', { name: 'Karte hinzufügen zu Ideen' }));
    network.swallow = true;
    await user.keyboard('Neu{Enter}{Escape}');
    await signOut(user);
    expect(screen.getByRole('alert')).toHaveTextContent('noch nicht alle Ihre Änderungen');
    expect(end).not.toHaveBeenCalled();
  });

  it('is not offered inside a chat client', async () => {
    const { user } = open();
    await user.click(await screen.findByRole('button', { name: '1 Person sieht zu' }));
    await screen.findByRole('dialog', { name: '1 Person sieht zu' });
    expect(screen.queryByRole('button', { name: 'Abmelden' })).toBeNull();
  });
});

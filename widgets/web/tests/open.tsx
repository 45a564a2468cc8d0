import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect } from 'vitest';
import { exampleBoard } from '../dev/exampleBoard';
import { App } from '../src/App';
import './parts';
import { Network } from './standInSocket';

export const anna = '@anna:amt.example';

/** Opens the example board for Anna, in German. */
export function open() {
  const board = exampleBoard();
  const network = new Network(board);
  render(
    <App
      room={null}
      live={{ url: 'ws://stand-in', lang: 'de', open: network.open }}
      signIn={{
        repeatable: false,
        signOut: null,
        forget: () => undefined,
        session: () => Promise.resolve(anna),
      }}
    />,
  );
  return { board, network, user: userEvent.setup() };
}

/** What is shown has no fault that can be seen without a layout. */
export async function expectAccessible(): Promise<void> {
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}

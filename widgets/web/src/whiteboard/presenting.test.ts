// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';
import { Presenting, type Told } from './presenting';

let said: object[];
let presenting: Presenting;
beforeEach(() => {
  said = [];
  presenting = new Presenting((part) => said.push(part));
});

const told = (presenter: string, frame?: string): Told => ({
  ownPage: 'me',
  presenter,
  people: new Map([
    ['me', { page: 'me', user_id: '@anna:a' }],
    ['other', { page: 'other', user_id: '@ben:a', ...(frame !== undefined && { frame }) }],
  ]),
});

describe('presenting', () => {
  it('has others follow, to the frame that is shown', () => {
    presenting.start('f1', 0);
    presenting.take(told('me'), 10);
    presenting.show('f2');
    expect(said).toEqual([
      { presenting: true, frame: 'f1' },
      { presenting: true, frame: 'f2' },
    ]);
    expect(presenting.state).toMatchObject({ own: true, frame: 'f2' });
    expect(presenting.leader).toBeNull();
    presenting.stop();
    expect(said.at(-1)).toEqual({ presenting: undefined, frame: undefined });
  });

  it('is taken over by a moderator, however long the server takes to hear of it', () => {
    presenting.take(told('other'), 0);
    presenting.start(null, 0);
    presenting.take(told('other'), 500);
    presenting.take(told('other'), 20_000);
    expect(presenting.state.own).toBe(true);
    presenting.take(told('me'), 20_100);
    presenting.take(told('other'), 20_200);
    expect(presenting.state).toMatchObject({ own: false, other: '@ben:a' });
    expect(said.at(-1)).toEqual({ presenting: undefined, frame: undefined });
  });

  it('is not taken over by who may not, and is left to who began first', () => {
    presenting.take(told('other'), 0);
    presenting.start(null, 0);
    presenting.take(told('other'), 60_000);
    expect(presenting.state).toMatchObject({ own: false, other: '@ben:a' });
    presenting.take(told(''), 61_000);
    presenting.start(null, 62_000);
    presenting.take(told('other'), 62_001);
    expect(presenting.state).toMatchObject({ own: false, other: '@ben:a' });
    expect(said.at(-1)).toEqual({ presenting: undefined, frame: undefined });
  });
});

describe('being presented to', () => {
  it('can be looked away from and come back to, and ends with the presentation', () => {
    presenting.take(told('other', 'f1'), 0);
    expect(presenting.state).toMatchObject({ other: '@ben:a', frame: 'f1' });
    expect(presenting.leader?.page).toBe('other');
    presenting.look(true);
    presenting.take(told('other', 'f2'), 10);
    expect(presenting.leader).toBeNull();
    presenting.look(false);
    expect(presenting.leader?.frame).toBe('f2');
    presenting.take(told(''), 20);
    expect(presenting.state).toMatchObject({ other: null, away: false });
  });
});

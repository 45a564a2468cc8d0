import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerRefusal, Unreachable } from './server';
import { isPassing, signInFor, type SignIn } from './signIn';

function byLink(token: string): SignIn {
  history.replaceState(null, '', `/#/link?token=${token}`);
  return signInFor({ kind: 'link', download: null, token }, null, 'de');
}

const withoutLink = (): SignIn => signInFor({ kind: 'bare', room: null }, null, 'de');

const ended: string[] = [];

/** A server on which each link opens once. */
function server(): void {
  ended.length = 0;
  const links = new Map([
    ['annas', 'session-of-anna'],
    ['mias', 'session-of-mia'],
  ]);
  vi.spyOn(globalThis, 'fetch').mockImplementation((_, options) => {
    if (options?.method === 'DELETE') {
      ended.push(new Headers(options.headers).get('authorization') ?? '');
      return Promise.resolve(new Response(null, { status: 204 }));
    }
    const { token } = JSON.parse(options?.body as string) as { token: string };
    const session = links.get(token);
    links.delete(token);
    const answer = session
      ? { session }
      : { error: { kind: 'unauthenticated', message: 'Dieser Link wurde schon benutzt.' } };
    return Promise.resolve(Response.json(answer, { status: session ? 200 : 401 }));
  });
}

beforeEach(() => {
  server();
});
afterEach(() => {
  sessionStorage.clear();
});

describe('a private link', () => {
  it('is taken out of the address, and its session survives a reload', async () => {
    expect(await byLink('mias').session()).toBe('session-of-mia');
    expect(location.href).not.toContain('mias');
    expect(await withoutLink().session()).toBe('session-of-mia');
  });

  it('opens again in the tab that it was opened in', async () => {
    await byLink('mias').session();
    expect(await byLink('mias').session()).toBe('session-of-mia');
  });

  it('that was used elsewhere does not open what another link has opened in this tab', async () => {
    await byLink('mias').session();
    await expect(byLink('used').session()).rejects.toThrow('Dieser Link wurde schon benutzt.');
    expect(await byLink('annas').session()).toBe('session-of-anna');
    await expect(byLink('mias').session()).rejects.toThrow(ServerRefusal);
  });

  it('can be tried again when the server could not be reached', async () => {
    const signIn = byLink('mias');
    vi.mocked(fetch).mockRejectedValueOnce(new TypeError('Failed to fetch'));
    const error = await signIn.session().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unreachable);
    expect(isPassing(error)).toBe(true);
    expect(location.href).toContain('mias');
    expect(await signIn.session()).toBe('session-of-mia');
  });

  it('leaves nothing in the tab once its session is forgotten', async () => {
    const signIn = byLink('mias');
    await signIn.session();
    signIn.forget();
    expect(await withoutLink().session()).toBeNull();
    await expect(byLink('mias').session()).rejects.toThrow(ServerRefusal);
  });
});

describe('signing out', () => {
  it('ends the session on the server and forgets it in the tab', async () => {
    const signIn = byLink('mias');
    await signIn.session();
    await signIn.signOut?.();
    expect(ended).toEqual(['Bearer session-of-mia']);
    expect(await withoutLink().session()).toBeNull();
  });

  it('works after a reload, too', async () => {
    await byLink('mias').session();
    const signIn = withoutLink();
    await signIn.session();
    await signIn.signOut?.();
    expect(ended).toEqual(['Bearer session-of-mia']);
  });

  it('is not claimed when the server has not heard of it', async () => {
    const signIn = byLink('mias');
    await signIn.session();
    vi.mocked(fetch).mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(signIn.signOut?.()).rejects.toThrow(Unreachable);
    expect(await withoutLink().session()).toBe('session-of-mia');
    await signIn.signOut?.();
    expect(ended).toEqual(['Bearer session-of-mia']);
  });

  it('is left to the chat client in a widget', () => {
    const entry = { kind: 'widget', widgetID: 'w', hostOrigin: 'https://e', room: '!r:x' } as const;
    const host = Promise.resolve({
      openID: () => Promise.reject(new Error('not asked')),
      say: () => Promise.resolve(false),
    });
    expect(signInFor(entry, host, 'de').signOut).toBeNull();
  });
});

describe('trying again', () => {
  it.each([
    ['unavailable', true],
    ['internal', true],
    ['rate_limited', true],
    ['unauthenticated', false],
    ['forbidden', false],
    ['not_found', false],
  ])('after %s helps: %j', (kind, helps) => {
    expect(isPassing(new ServerRefusal(kind, 'x'))).toBe(helps);
  });
});

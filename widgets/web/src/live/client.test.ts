// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StandInBoard } from '../../dev/standInBoard';
import { Network } from '../../tests/standInSocket';
import { LiveClient, type Notice } from './client';

const anna = '@anna:amt.example';

function setUp() {
  const board = new StandInBoard();
  board.members.set(anna, 'Anna');
  board.put('column', 'a', { title: 'A', rank: '1' });
  board.put('card', 'c1', { title: 'One', column: 'a', rank: '1' });
  const network = new Network(board);
  const client = new LiveClient({
    url: 'ws://stand-in',
    lang: 'de',
    open: network.open,
    random: () => 0,
  });
  const notices: Notice[] = [];
  client.onNotice((notice) => notices.push(notice));
  return { board, network, client, notices };
}

function titleOf(client: LiveClient, id: string): unknown {
  return client.items.get(id)?.fields.title;
}

function comment(body: string): object {
  return { event_id: '$e', by: '@b:x', name: 'B', body, at: 1 };
}

/** Waits for what must come; on a busy machine unzipping a frame may take its time. */
const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000 });

async function live(client: LiveClient): Promise<void> {
  client.start(anna);
  await soon(() => {
    expect(client.state.loaded).toBe('all');
  });
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('LiveClient', () => {
  it('takes the snapshot, the people and the rights', async () => {
    const { client } = setUp();
    await live(client);
    expect(client.state).toMatchObject({
      phase: 'live',
      viewers: [anna],
      me: { name: 'Anna', can: { edit: true } },
    });
    expect(titleOf(client, 'c1')).toBe('One');
  });

  it('shows a change before the network has it and keeps it after the acknowledgement', async () => {
    const { client, network, board } = setUp();
    await live(client);
    network.swallow = true;
    client.act('card.edit', { card: 'c1', title: 'Mine' }, [
      { item: 'c1', kind: 'card', set: { title: 'Mine' } },
    ]);
    expect(titleOf(client, 'c1')).toBe('Mine');
    expect(client.state.unsaved).toBe(1);
    network.swallow = false;
    network.cut();
    await soon(() => {
      expect(client.state.unsaved).toBe(0);
    });
    expect(titleOf(client, 'c1')).toBe('Mine');
    expect(board.items.get('c1')?.fields.title).toBe('Mine');
  });

  it('rolls a refused change back and says the sentence', async () => {
    const { client, board, notices } = setUp();
    await live(client);
    board.can = { edit: false, comment: false, configure: false };
    client.act('card.edit', { card: 'c1', title: 'No' }, [
      { item: 'c1', kind: 'card', set: { title: 'No' } },
    ]);
    expect(titleOf(client, 'c1')).toBe('One');
    expect(client.state.unsaved).toBe(0);
    expect(notices).toMatchObject([
      {
        kind: 'refused',
        act: 'card.edit',
        args: { title: 'No' },
        error: { message: 'Sie dürfen hier nichts ändern.' },
      },
    ]);
  });

  it('lays an own change over one by somebody else until it is acknowledged', async () => {
    const { client, network, board } = setUp();
    await live(client);
    network.swallow = true;
    client.act('card.edit', { card: 'c1', title: 'Mine' }, [
      { item: 'c1', kind: 'card', set: { title: 'Mine' } },
    ]);
    board.change('@b:x', [
      { item: 'c1', kind: 'card', set: { title: 'Theirs', due: '2026-01-01' } },
    ]);
    expect(titleOf(client, 'c1')).toBe('Mine');
    expect(client.items.get('c1')?.fields.due).toBe('2026-01-01');
  });

  it('resends what was not acknowledged with the same id, so that it happens once', async () => {
    const { client, network, board } = setUp();
    await live(client);
    const receive = network.sockets[0];
    // The act arrives, its answer is lost.
    if (receive) receive.onmessage = null;
    client.act('card.add', { card: 'neu', title: 'Neu', column: 'a' }, [
      { item: 'neu', kind: 'card', set: { title: 'Neu', column: 'a', rank: '9' } },
    ]);
    expect(client.state.unsaved).toBe(1);
    network.cut();
    await soon(() => {
      expect(client.state.unsaved).toBe(0);
    });
    const sent = network.heard.filter((m) => m.t === 'do');
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map((m) => m.id)).size).toBe(1);
    expect([...board.items.values()].filter((i) => i.fields.title === 'Neu')).toHaveLength(1);
  });

  it('resumes from its sequence and misses nothing', async () => {
    const { client, network, board } = setUp();
    await live(client);
    expect(client.isBack).toBe(false);
    network.up = false;
    network.cut();
    expect(client.state.phase).toBe('reconnecting');
    expect(client.isBack).toBe(false);
    board.change('@b:x', [{ item: 'c1', kind: 'card', set: { title: 'While away' } }]);
    network.up = true;
    await soon(() => {
      expect(titleOf(client, 'c1')).toBe('While away');
    });
    expect(client.isBack).toBe(true);
    expect(network.heard.findLast((m) => m.t === 'hello')).toMatchObject({
      since: 0,
      epoch: 'epoch-1',
    });
  });

  it('starts anew when the server has another epoch, and drops what is gone', async () => {
    const { client, network, board } = setUp();
    await live(client);
    board.epoch = 'epoch-2';
    board.items.delete('c1');
    board.put('card', 'c2', { title: 'Two', column: 'a', rank: '1' });
    network.cut();
    await soon(() => {
      expect(titleOf(client, 'c2')).toBe('Two');
    });
    expect(client.items.get('c1')).toBeUndefined();
  });

  it('lets no later page of a snapshot undo a commit', () => {
    const { client } = setUp();
    const page = (id: string, title: string) => ({ id, kind: 'card', fields: { title } });
    client.items.startSnapshot();
    client.items.addPage([page('c1', 'One')], false);
    client.items.commit([{ item: 'c2', kind: 'card', set: { title: 'New' } }]);
    client.items.addPage([page('c2', 'Old')], true);
    client.items.refresh();
    expect(titleOf(client, 'c2')).toBe('New');
  });

  it('reads zipped frames in their order', async () => {
    const { client, network, board } = setUp();
    network.zipped = true;
    await live(client);
    for (let i = 1; i <= 20; i += 1) {
      board.change('@b:x', [{ item: 'c1', kind: 'card', set: { title: `v${String(i)}` } }]);
    }
    await soon(() => {
      expect(titleOf(client, 'c1')).toBe('v20');
    });
  });

  it('undoes the latest change, or the one named, at once', async () => {
    const { client, board } = setUp();
    await live(client);
    const edit = (title: string) =>
      client.act('card.edit', { card: 'c1', title }, [
        { item: 'c1', kind: 'card', set: { title } },
      ]);
    edit('Two');
    const third = edit('Three');
    client.undo(third);
    expect(titleOf(client, 'c1')).toBe('Two');
    client.undo();
    expect(titleOf(client, 'c1')).toBe('One');
    expect(board.items.get('c1')?.fields.title).toBe('One');
  });

  it('takes back a change that never left without asking anybody', async () => {
    const { client, network } = setUp();
    await live(client);
    network.up = false;
    network.cut();
    const id = client.act('card.delete', { card: 'c1' }, [
      { item: 'c1', kind: 'card', set: { deleted: true } },
    ]);
    client.undo(id);
    network.up = true;
    await soon(() => {
      expect(client.state.phase).toBe('live');
    });
    expect(client.state.unsaved).toBe(0);
    expect(network.heard.some((m) => m.t === 'do')).toBe(false);
  });

  it('takes back a change under way as soon as it is acknowledged', async () => {
    const { client, network, board } = setUp();
    await live(client);
    const socket = network.sockets[0];
    if (socket) socket.onmessage = null;
    const id = client.act('card.edit', { card: 'c1', title: 'Oops' }, [
      { item: 'c1', kind: 'card', set: { title: 'Oops' } },
    ]);
    client.undo(id);
    expect(titleOf(client, 'c1')).toBe('One');
    network.cut();
    await soon(() => {
      expect(board.items.get('c1')?.fields.title).toBe('One');
      expect(client.state.unsaved).toBe(0);
    });
  });

  it.each(['removed', 'expired', 'moved'])('stays away after bye %s', async (reason) => {
    const { client, network, board } = setUp();
    await live(client);
    board.tell({ t: 'bye', reason, message: 'Ende.', room: '!neu:x' });
    const connections = network.sockets.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(client.state).toMatchObject({ phase: 'ended', ended: { reason, room: '!neu:x' } });
    expect(network.sockets).toHaveLength(connections);
  });

  it.each(['slow', 'restart'])('comes back after bye %s', async (reason) => {
    const { client, network, board } = setUp();
    await live(client);
    board.tell({ t: 'bye', reason, message: '' });
    network.cut();
    await soon(() => {
      expect(client.state.phase).toBe('live');
      expect(network.sockets).toHaveLength(1);
    });
  });

  it('goes on with a new session and what was unsaved', async () => {
    const { client, network, board } = setUp();
    await live(client);
    network.swallow = true;
    client.act('card.edit', { card: 'c1', title: 'Kept' }, [
      { item: 'c1', kind: 'card', set: { title: 'Kept' } },
    ]);
    board.tell({ t: 'bye', reason: 'expired', message: '' });
    network.swallow = false;
    client.start(anna);
    await soon(() => {
      expect(board.items.get('c1')?.fields.title).toBe('Kept');
    });
  });

  it('notices a dead line by its silence', async () => {
    const { client, network } = setUp();
    await live(client);
    network.swallow = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(network.sockets.length).toBeGreaterThan(1);
  });

  it('waits longer after each failure, up to a bound, and not at all when woken', async () => {
    const { client, network } = setUp();
    network.up = false;
    client.start(anna);
    const tried = async (ms: number): Promise<number> => {
      const before = network.sockets.length;
      await vi.advanceTimersByTimeAsync(ms);
      return network.sockets.length - before;
    };
    await tried(20_000);
    expect(await tried(60_000)).toBeLessThanOrEqual(5);
    const before = network.sockets.length;
    client.wake();
    expect(network.sockets.length).toBe(before + 1);
  });

  it('takes no line for alive that was silent while the machine slept', async () => {
    const { client, network } = setUp();
    await live(client);
    vi.setSystemTime(Date.now() + 30_000);
    client.wake();
    expect(network.sockets, 'a short nap').toHaveLength(1);
    vi.setSystemTime(Date.now() + 30_000);
    client.wake();
    expect(client.state.phase).toBe('reconnecting');
    expect(network.sockets).toHaveLength(2);
    await soon(() => {
      expect(client.state.phase).toBe('live');
    });
    expect(network.sockets, 'one attempt, not a second one later').toHaveLength(2);
  });

  it('brings the comments of a card that was opened without a connection', async () => {
    const { client, network, board } = setUp();
    board.comments.set('c1', [comment('Hallo')]);
    await live(client);
    network.up = false;
    network.cut();
    client.followComments('c1');
    network.up = true;
    await soon(() => {
      expect(client.state.comments.get('c1')).toMatchObject([{ body: 'Hallo' }]);
    });
  });

  it('asks again only for the comments of the card that was opened last', async () => {
    const { client, network } = setUp();
    await live(client);
    client.followComments('c1');
    client.followComments('c2');
    const before = network.heard.length;
    network.cut();
    await soon(() => {
      expect(client.state.phase).toBe('live');
    });
    expect(network.heard.slice(before).filter((m) => m.t === 'comments')).toEqual([
      { t: 'comments', card: 'c2' },
    ]);
  });

  it('keeps the comments of the open card current, and asks for none once it is closed', async () => {
    const { client, network, board } = setUp();
    board.comments.set('c1', [comment('Hallo')]);
    await live(client);
    client.followComments('c1');
    const altered = { ...comment('Hallo zusammen'), event_id: '$e' };
    board.tell({
      t: 'comment',
      card: 'c1',
      comment: { ...comment('Danke'), event_id: '$f', at: 2 },
    });
    board.tell({ t: 'comment', card: 'c1', comment: altered });
    board.tell({ t: 'comment', card: 'c2', comment: altered }); // nobody has asked for these
    expect(client.state.comments.get('c1')).toMatchObject([
      { body: 'Hallo zusammen' },
      { body: 'Danke' },
    ]);
    expect(client.state.comments.has('c2')).toBe(false);
    board.tell({ t: 'comment', card: 'c1', gone: '$e' });
    expect(client.state.comments.get('c1')).toMatchObject([{ body: 'Danke' }]);

    client.followComments(null);
    const before = network.heard.length;
    network.cut();
    await soon(() => {
      expect(client.state.phase).toBe('live');
    });
    expect(network.heard.slice(before).filter((m) => m.t === 'comments')).toEqual([]);
  });

  it('counts comments as the server does, after an interruption too', async () => {
    const { client, network, board } = setUp();
    board.comments.set('c1', [comment('Hallo')]);
    board.comments.set('c2', [comment('Hier')]);
    await live(client);
    // Of a long thread only the latest are sent.
    board.tell({ t: 'count', card: 'c2', comments: 250 });
    client.followComments('c2');
    expect(client.state.comments.get('c2')).toHaveLength(1);
    expect(client.state.counts.get('c2')).toBe(250);

    network.up = false;
    network.cut();
    board.comments.delete('c1');
    network.up = true;
    await soon(() => {
      expect(client.state.phase).toBe('live');
      expect(client.state.counts.has('c2')).toBe(true);
    });
    expect(client.state.counts.has('c1')).toBe(false);
  });

  it('sends what was drawn again when the server has had enough, and loses nothing', async () => {
    const { client, network, board, notices } = setUp();
    await live(client);
    const whiteboard = 'abcdefghij0123456789';
    client.openWhiteboard(whiteboard);
    network.swallow = true;
    const element = { id: 'r', type: 'rectangle', version: 1, versionNonce: 1 };
    const item = `${whiteboard}-r`;
    const id = client.act('whiteboard.draw', { whiteboard, elements: [element] }, [
      { item, kind: 'element', set: { version: 1 } },
    ]);
    board.tell({ t: 'no', id, error: { kind: 'rate_limited', message: 'Langsamer.' } });
    network.swallow = false;
    expect(client.items.get(item)).toBeDefined();
    expect(client.state.unsaved).toBe(1);
    await soon(() => {
      expect(client.state.unsaved).toBe(0);
    });
    expect(board.items.get(item)?.fields.version).toBe(1);
    expect(notices.filter(({ kind }) => kind === 'refused')).toEqual([]);
  });

  it('has what lies on the whiteboard that is open, and of no other', async () => {
    const { client, network, board } = setUp();
    const [one, two] = ['abcdefghij0123456789', 'zzzzzzzzzz0123456789'];
    board.put('element', `${one}-r`, { version: 1 });
    board.put('element', `${two}-r`, { version: 1 });
    await live(client);
    const drawn = (): string[] =>
      [...client.items.all.values()].filter((i) => i.kind === 'element').map((i) => i.id);
    expect(drawn()).toEqual([]);
    client.openWhiteboard(one);
    await soon(() => {
      expect(client.state.whiteboard).toEqual({ id: one, loaded: true });
    });
    expect(drawn()).toEqual([`${one}-r`]);
    // After an interruption it goes on from where it was.
    network.up = false;
    network.cut();
    board.change('@b:x', [{ item: `${one}-s`, kind: 'element', set: { version: 1 } }]);
    network.up = true;
    await soon(() => {
      expect(drawn()).toEqual([`${one}-r`, `${one}-s`]);
    });
    client.openWhiteboard(two);
    await soon(() => {
      expect(drawn()).toEqual([`${two}-r`]);
    });
    client.openWhiteboard(null);
    expect(drawn()).toEqual([]);
  });

  it('drops a bad message and goes on', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { client, board } = setUp();
    await live(client);
    board.tell({ t: 'commit', seq: 'x', id: '1', by: '@b:x', ops: [] });
    board.change('@b:x', [{ item: 'c1', kind: 'card', set: { title: 'After' } }]);
    expect(titleOf(client, 'c1')).toBe('After');
    expect(warn).toHaveBeenCalledOnce();
  });
});

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Homeserver, World } from './world';
import { freeOffset } from './ports';

const root = resolve(import.meta.dirname, '../../../..');
/** Starting takes seconds; building Dendrite, where `make` has not done so, minutes. */
const readyIn = 300_000;
const stoppedIn = 60_000;

/** A demo that runs. */
export interface Demo {
  readonly world: Omit<World, 'host'>;
  readonly stop: () => Promise<void>;
}

/** Starts the demo in a folder of its own, on ports that are free. */
export async function startDemo(): Promise<Demo> {
  const parent = await mkdtemp(join(tmpdir(), 'werkraum-e2e-'));
  const dir = join(parent, 'demo');
  const offset = process.env.DEMO_PORT_OFFSET ?? String(await freeOffset());
  const child = spawn(join(root, 'bin/demo'), {
    cwd: root,
    env: { ...process.env, DEMO_DIR: dir, DEMO_PORT_OFFSET: offset },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => {
      done(`bin/demo cannot be started (run \`make bin/demo\`): ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      done(`the demo ended (${String(code ?? signal)}):\n${said}`);
    });
  });
  const ready = new Promise<'ready'>((done) => {
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-8_000);
      if (said.includes('Ctrl-C stops everything')) done('ready');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const endIt = (): void => {
    child.kill('SIGTERM');
  };
  // However the tests end, the servers end with them.
  process.once('exit', endIt);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

  let stopping = false;
  void ended.then((why) => {
    if (!stopping) console.error(why); // without it every story fails for no visible reason
  });

  const stop = async (): Promise<void> => {
    stopping = true;
    process.removeListener('exit', endIt);
    endIt();
    await within(stoppedIn, 'the demo to stop', ended);
    if (process.env.E2E_KEEP) console.log(`the demo's files are in ${dir}`);
    else await rm(parent, { recursive: true, force: true });
  };
  const first = await within(readyIn, 'the demo to start', Promise.race([ready, ended]));
  try {
    if (first !== 'ready') throw new Error(first);
    return { world: await readDemo(dir), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Handout {
  readonly werkraum: string;
  readonly homeservers: readonly { name: string; server_name: string; url: string }[];
  readonly users: readonly { mxid: string; password: string }[];
  readonly room_id: string;
}

/** Reads what a running demo says of itself. */
export async function readDemo(dir: string): Promise<Omit<World, 'host'>> {
  const handout = (await readJSON(join(dir, 'demo.json'))) as Handout;
  const [amt, partner] = await Promise.all(
    ['amt', 'partner'].map(async (name): Promise<Homeserver> => {
      const found = handout.homeservers.find((server) => server.name === name);
      const config = (await readJSON(join(dir, name, 'dendrite.yaml'))) as DendriteConfig;
      const secret = config.client_api.registration_shared_secret;
      if (!found) throw new Error(`demo.json names no homeserver ${name}`);
      return { name: found.server_name, url: found.url, secret };
    }),
  );
  const [user] = handout.users;
  if (!amt || !partner || !user) throw new Error('demo.json is not complete');
  return {
    werkraum: handout.werkraum,
    amt,
    partner,
    bot: `@werkraum:${amt.name}`,
    example: { room: handout.room_id, user: user.mxid, password: user.password },
  };
}

interface DendriteConfig {
  readonly client_api: { readonly registration_shared_secret: string };
}

async function readJSON(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function within<T>(milliseconds: number, what: string, done: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`waited ${String(milliseconds / 1000)} s for ${what}`));
    }, milliseconds);
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { readDemo, startDemo, type Demo } from './demo';
import { startHost } from './hostServer';
import { publishWorld } from './world';

/**
 * Starts two federated homeservers, Werkraum and the host page; returns how to stop them. With
 * E2E_DEMO_DIR the tests use a demo that runs already in that folder.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const running = process.env.E2E_DEMO_DIR;
  const demo: Demo = running
    ? { world: await readDemo(running), stop: () => Promise.resolve() }
    : await startDemo();
  try {
    const host = await startHost();
    publishWorld({ ...demo.world, host: host.url });
    return async () => {
      await Promise.all([host.stop(), demo.stop()]);
    };
  } catch (error) {
    await demo.stop();
    throw error;
  }
}

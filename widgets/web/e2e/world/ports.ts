import { createServer } from 'node:net';

/** Where the demo's ports begin, and how many it takes in a row. */
const demoBegins = 18_000;
const demoTakes = 6;

/**
 * A port offset for the demo whose ports are all free. The ports lie above those of people's own
 * demos and below those that the tests in Go hand out (from 20,000) and the kernel gives to
 * outgoing connections, so nobody takes one by chance before the demo does.
 */
export async function freeOffset(): Promise<number> {
  const blocks = 190;
  const first = process.pid % blocks;
  for (let i = 0; i < blocks; i += 1) {
    const offset = 100 + ((first + i) % blocks) * 10;
    const ports = Array.from({ length: demoTakes }, (_, n) => demoBegins + offset + n);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return offset;
  }
  throw new Error('no ports are free for the demo');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

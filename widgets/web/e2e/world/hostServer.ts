import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { build } from 'vite';

/** Starts the server of the page that shows the widget; returns its address. */
export async function startHost(): Promise<{ url: string; stop: () => Promise<void> }> {
  const files = await bundle();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const file = files.get(path === '/' ? '/index.html' : path);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-store' });
    response.end(file.content);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the host has no port');
  return {
    // Another site than 127.0.0.1 and not merely another port, as Element's is: so the widget
    // lives with what browsers deny to strangers' frames.
    url: `http://element.localhost:${String(address.port)}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

async function bundle(): Promise<Map<string, { type: string; content: string | Uint8Array }>> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    root: resolve(import.meta.dirname, '../host'),
    build: { write: false, minify: false, modulePreload: { polyfill: false } },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error('the host was not built');
  return new Map(
    built.output.map((file) => [
      `/${file.fileName}`,
      file.type === 'chunk'
        ? { type: 'text/javascript; charset=utf-8', content: file.code }
        : { type: typeOf(file.fileName), content: file.source },
    ]),
  );
}

function typeOf(name: string): string {
  return name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/html; charset=utf-8';
}

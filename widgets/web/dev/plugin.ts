import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { WebSocketServer } from 'ws';
import { exampleBoard, longBoard } from './exampleBoard.ts';
import { StandInBoard } from './standInBoard.ts';

/** The policy that the real server sends with the page. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self' ws: wss:",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

function boardFor(name: string): StandInBoard {
  if (name === 'empty') return new StandInBoard();
  if (name.startsWith('long')) return longBoard(Number(name.slice(4)) || 1000);
  const board = exampleBoard();
  if (name === 'readonly') board.can = { edit: false, comment: false, configure: false };
  return board;
}

/**
 * Serves the stand-in beside the page: `#/link?token=<board>.<user>` opens a board (`example`,
 * `empty`, `readonly`, `long1000`) as a user (`anna`, `jens`, `miriam`). In a preview of the built
 * page it also sends the content security policy of the real server. `POST /dev/<board>/bye` with
 * a message says it to all, `/dev/<board>/drop` cuts all lines and refuses new ones, `…/heal`
 * takes them again.
 */
export function standIn(): Plugin {
  const boards = new Map<string, StandInBoard>();
  const refusing = new Set<string>();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'werkraum.v1' });
  const cut: (() => void)[] = [];

  function find(name: string): StandInBoard {
    const board = boards.get(name) ?? boardFor(name);
    boards.set(name, board);
    return board;
  }

  async function body(request: IncomingMessage): Promise<Record<string, unknown>> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text ? (JSON.parse(text) as Record<string, unknown>) : {};
  }

  async function api(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, answer: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    };
    const path = request.url ?? '';
    const message = await body(request);
    const dev = /^\/dev\/(\w+)\/(bye|drop|heal)$/.exec(path);
    if (dev) {
      const [, name = '', what] = dev;
      if (what === 'bye') find(name).tell(message);
      if (what === 'heal') refusing.delete(name);
      if (what === 'drop') {
        refusing.add(name);
        for (const end of cut.splice(0)) end();
      }
      send(200, {});
    } else if (path === '/api/v1/links') {
      send(202, {});
    } else if (path === '/api/v1/session') {
      response.writeHead(204).end();
    } else {
      const token = typeof message.token === 'string' ? message.token : 'example.anna';
      const [board = '', user = 'anna'] = token.split('.');
      if (token === 'used') {
        const sentence = 'Dieser Link wurde schon benutzt. Fordern Sie einen neuen an.';
        send(401, { error: { kind: 'unauthenticated', message: sentence } });
        return;
      }
      const server = user === 'miriam' ? 'partner' : 'amt';
      send(200, {
        session: `${board}|@${user}:${server}.example`,
        expires_in: 43_200,
        room_id: '!projekt:amt.example',
        user_id: `@${user}:${server}.example`,
      });
    }
  }

  function attach(server: Pick<Server, 'on'>): void {
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      if (request.url !== '/api/v1/live') return;
      sockets.handleUpgrade(request, socket, head, (ws) => {
        let line: ReturnType<StandInBoard['connect']> | null = null;
        cut.push(() => {
          ws.terminate();
        });
        ws.on('message', (data: Buffer) => {
          let text = data.toString('utf8');
          if (!line) {
            const hello = JSON.parse(text) as { session: string };
            const [board = '', user = ''] = hello.session.split('|');
            if (refusing.has(board)) {
              ws.terminate();
              return;
            }
            text = JSON.stringify({ ...hello, session: user });
            line = find(board).connect((answer) => {
              ws.send(answer);
            });
          }
          line.receive(text);
        });
        ws.on('close', () => line?.close());
      });
    });
  }

  function isOurs(request: IncomingMessage): boolean {
    return /^\/(api|dev)\//.test(request.url ?? '') && request.method !== 'GET';
  }

  return {
    name: 'stand-in',
    configureServer(server) {
      if (server.httpServer) attach(server.httpServer as Server);
      server.middlewares.use((request, response, next) => {
        if (isOurs(request)) void api(request, response);
        else next();
      });
    },
    configurePreviewServer(server) {
      attach(server.httpServer as Server);
      server.middlewares.use((request, response, next) => {
        if (isOurs(request)) {
          void api(request, response);
        } else if (/^\/(\?|$)/.test(request.url ?? '')) {
          const nonce = randomBytes(16).toString('base64');
          const page = readFileSync(resolve(import.meta.dirname, '../dist/index.html'), 'utf8');
          response.writeHead(200, {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': policy(nonce),
          });
          response.end(page.replaceAll('__CSP_NONCE__', nonce));
        } else {
          next();
        }
      });
    },
  };
}

import { gzipSync } from 'node:zlib';
import type { StandInBoard, StandInLine } from '../dev/standInBoard';

/**
 * A WebSocket that leads to a stand-in board in the same process. `network` decides whether lines
 * come about and lets a test cut them or lose what is sent.
 */
export class Network {
  up = true;
  /** What the page sends disappears (the line looks fine). */
  swallow = false;
  /** Every frame arrives as a binary gzip frame. */
  zipped = false;
  readonly sockets: StandInSocket[] = [];
  readonly heard: Record<string, unknown>[] = [];

  constructor(readonly board: StandInBoard) {}

  readonly open = (): WebSocket => {
    const socket = new StandInSocket(this);
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  };

  /** Ends every line as a failing network does. */
  cut(): void {
    for (const socket of this.sockets.splice(0)) socket.fail();
  }
}

class StandInSocket {
  readyState = 0;
  binaryType = 'blob';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  private line: StandInLine | null = null;

  constructor(private readonly network: Network) {
    queueMicrotask(() => {
      if (!network.up) {
        this.fail();
        return;
      }
      this.readyState = 1;
      this.line = network.board.connect((text) => {
        if (this.readyState !== 1) return;
        this.onmessage?.({ data: network.zipped ? zip(text) : text });
      });
      this.onopen?.();
    });
  }

  send(text: string): void {
    if (this.network.swallow) return;
    this.network.heard.push(JSON.parse(text) as Record<string, unknown>);
    this.line?.receive(text);
  }

  close(): void {
    this.readyState = 3;
    this.line?.close();
    this.line = null;
  }

  fail(): void {
    this.close();
    this.onclose?.();
  }
}

function zip(text: string): ArrayBuffer {
  const bytes = new Uint8Array(gzipSync(text));
  return bytes.buffer;
}

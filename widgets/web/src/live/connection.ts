import { FrameReader } from './frames';
import { SUBPROTOCOL, type ClientMessage, type ServerMessage } from './protocol';
import { BadMessage, readMessage } from './validate';

const pingEvery = 25_000;
/** Silence longer than this means that the line is dead, whatever the browser believes. */
const silenceLimit = 40_000;
const welcomeWithin = 15_000;
const firstDelay = 500;
const longestDelay = 30_000;

/** What a connection needs from the outside. */
export interface ConnectionOptions {
  /** Address of the socket, ws: or wss:. */
  readonly url: string;
  /** Makes the first message of each connection. */
  readonly hello: () => ClientMessage;
  readonly onMessage: (message: ServerMessage) => void;
  /** The line is down; another attempt follows by itself. */
  readonly onDown: () => void;
  /** Makes a socket; tests give their own. */
  readonly open?: (url: string) => WebSocket;
  /** 0 ≤ r < 1, for the jitter. */
  readonly random?: () => number;
}

/**
 * One socket that comes back by itself: exponential backoff with jitter, so that a restarted
 * server is not stormed by every open page at the same moment.
 */
export class Connection {
  private socket: WebSocket | null = null;
  private attempts = 0;
  private lastHeard = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;

  constructor(private readonly options: ConnectionOptions) {}

  /** Connects, and reconnects until stopped. */
  start(): void {
    this.stopped = false;
    this.connect();
  }

  /** Closes for good (until the next start). */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.drop();
  }

  /** Tries at once if it is waiting: the network is back, or the person is looking again. */
  wake(): void {
    if (this.stopped) return;
    // While the machine slept no timer looked after the line; it may be long dead.
    if (this.socket && this.isSilent()) this.fail(this.socket);
    if (this.socket) return;
    clearTimeout(this.retry);
    this.connect();
  }

  /** Sends if the socket is open; returns whether it was. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /** The server has greeted us: the next failure starts again with the shortest delay. */
  settled(): void {
    this.attempts = 0;
    clearTimeout(this.deadline);
  }

  private connect(): void {
    const open = this.options.open ?? ((url: string) => new WebSocket(url, SUBPROTOCOL));
    const socket = open(this.options.url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    const reader = new FrameReader(
      (text) => {
        if (this.socket === socket) this.read(text);
      },
      () => {
        this.fail(socket);
      },
    );
    socket.onopen = () => {
      if (this.socket === socket) this.send(this.options.hello());
    };
    socket.onmessage = (event: MessageEvent) => {
      if (this.socket !== socket) return;
      this.lastHeard = Date.now();
      reader.take(event.data);
    };
    socket.onclose = () => {
      this.fail(socket);
    };
    this.lastHeard = Date.now();
    this.deadline = setTimeout(() => {
      this.fail(socket);
    }, welcomeWithin);
    this.watch = setInterval(() => {
      if (this.isSilent()) this.fail(socket);
      else this.send({ t: 'ping' });
    }, pingEvery);
  }

  private isSilent(): boolean {
    return Date.now() - this.lastHeard > silenceLimit;
  }

  private read(text: string): void {
    let message: ServerMessage | null;
    try {
      message = readMessage(text);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      // The reason names the field, never what stood in it.
      console.warn(`live: a message was dropped: ${error.message}`);
      return;
    }
    if (message) this.options.onMessage(message);
  }

  private fail(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.drop();
    if (this.stopped) return;
    const random = this.options.random ?? Math.random;
    const ceiling = Math.min(longestDelay, firstDelay * 2 ** this.attempts);
    this.attempts += 1;
    this.retry = setTimeout(
      () => {
        this.connect();
      },
      ceiling / 2 + (ceiling / 2) * random(),
    );
    this.options.onDown();
  }

  private drop(): void {
    clearInterval(this.watch);
    clearTimeout(this.deadline);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

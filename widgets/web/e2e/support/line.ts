import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A line between browser and server that can be cut. The browser loads the page through it, so
 * the page itself notices nothing of it until then.
 */
export class Line {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private up = true;
  private deaf = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Lays a line to the server at an address. */
  static async lay(target: string): Promise<Line> {
    const server = createServer((near) => {
      line.join(near);
    });
    const line = new Line(server, new URL(target));
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    return line;
  }

  /** Where the line begins: the origin that the browser is given. */
  get origin(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the line is taken up');
    return `http://127.0.0.1:${String(address.port)}`;
  }

  /** Cuts all connections; new ones are refused. */
  cut(): void {
    this.up = false;
    for (const pair of this.pairs) for (const end of pair) end.destroy();
  }

  /** What the browser says still reaches the server, but no answer comes back. */
  swallowAnswers(): void {
    this.deaf = true;
  }

  /** Everything works again. */
  mend(): void {
    this.up = true;
    this.deaf = false;
  }

  async takeUp(): Promise<void> {
    this.cut();
    await new Promise<void>((done) => {
      this.server.close(() => {
        done();
      });
    });
  }

  private join(near: Socket): void {
    if (!this.up) {
      near.destroy();
      return;
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    const pair = [near, far] as const;
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (!this.deaf) near.write(bytes);
    });
    for (const socket of pair) socket.on('error', end).on('close', end);
  }
}

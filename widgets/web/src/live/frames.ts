/**
 * Turns frames of the socket into texts, in the order of their arrival: text frames as they are,
 * binary frames unzipped (which takes a moment, so whatever follows waits behind them).
 */
export class FrameReader {
  private waiting: Promise<void> | null = null;

  /**
   * @param deliver gets each text
   * @param failed is called when a binary frame is not gzip
   */
  constructor(
    private readonly deliver: (text: string) => void,
    private readonly failed: () => void,
  ) {}

  /** Takes one frame. */
  take(data: unknown): void {
    if (typeof data === 'string' && !this.waiting) {
      this.deliver(data);
      return;
    }
    const text = typeof data === 'string' ? data : gunzip(data as ArrayBuffer);
    const turn: Promise<void> = Promise.all([text, this.waiting])
      .then(([ready]) => {
        this.deliver(ready);
      }, this.failed)
      .finally(() => {
        if (this.waiting === turn) this.waiting = null;
      });
    this.waiting = turn;
  }
}

async function gunzip(data: ArrayBuffer): Promise<string> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

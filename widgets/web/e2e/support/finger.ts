import type { CDPSession, Page } from '@playwright/test';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** One finger on a touch screen: events of the browser itself, not of a script in the page. */
export class Finger {
  private at: Point = { x: 0, y: 0 };

  private constructor(private readonly browser: CDPSession) {}

  static async on(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  async down(point: Point): Promise<void> {
    this.at = point;
    await this.touch('touchStart', point);
  }

  async moveTo(to: Point): Promise<void> {
    const from = this.at;
    const steps = 12;
    for (let i = 1; i <= steps; i += 1) {
      const part = i / steps;
      this.at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
      await this.touch('touchMove', this.at);
    }
  }

  async up(): Promise<void> {
    await this.touch('touchEnd');
  }

  /**
   * A quick swipe. All of it is handed to the browser at once: a finger that rests on a card for
   * longer than a moment picks it up, and between two answers a busy machine is not that quick.
   */
  async swipe(from: Point, to: Point): Promise<void> {
    const steps = 6;
    const on = Array.from({ length: steps }, (_, i) => {
      const part = (i + 1) / steps;
      return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
    });
    await Promise.all([
      this.touch('touchStart', from),
      ...on.map((point) => this.touch('touchMove', point)),
      this.touch('touchEnd'),
    ]);
  }

  private async touch(type: 'touchStart' | 'touchMove' | 'touchEnd', point?: Point): Promise<void> {
    const touchPoints = point ? [point] : [];
    await this.browser.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}

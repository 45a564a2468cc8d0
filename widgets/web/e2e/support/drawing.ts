import { readFile } from 'node:fs/promises';
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { Board } from './board';

/** The tools by their keys, and what the program shows when one is taken. */
const tools = {
  r: '[data-testid=toolbar-rectangle]:checked',
  p: '[data-testid=toolbar-freedraw]:checked',
  k: '[data-testid=toolbar-LaserPointer]:checked',
  t: '[data-testid=toolbar-text]:checked',
  f: '.App-toolbar__extra-tools-trigger--selected',
};

/** A whiteboard as a person sees and handles it. */
export class Drawing {
  private constructor(
    readonly page: Page,
    readonly view: Page | FrameLocator,
  ) {}

  /** Goes from the board to the whiteboards of the room. */
  static async of(board: Board): Promise<Drawing> {
    await board.view.getByRole('tab', { name: 'Whiteboard' }).click();
    return new Drawing(board.page, board.view);
  }

  /** Makes the first whiteboard of the room. */
  async add(title: string, template?: string): Promise<void> {
    await this.view.getByRole('button', { name: 'Neues Whiteboard' }).click();
    const dialog = this.view.getByRole('dialog', { name: 'Neues Whiteboard' });
    await dialog.getByRole('textbox', { name: 'Name des Whiteboards' }).fill(title);
    if (template) await dialog.getByRole('radio', { name: template }).check();
    await dialog.getByRole('button', { name: 'Hinzufügen' }).click();
    await this.opened(title);
  }

  /** Waits until the drawing area is there, and what stands around it. */
  async opened(title: string): Promise<void> {
    const area = this.view.getByRole('region', { name: `Zeichenfläche von ${title}` });
    // The drawing program is large.
    await expect(area.locator('canvas.interactive')).toBeVisible({ timeout: 90_000 });
    await expect(this.view.getByRole('button', { name: 'Gliederung' })).toBeVisible();
  }

  get canvas(): Locator {
    return this.view.locator('canvas.interactive');
  }

  /** Draws a rectangle with the mouse, from a place in the drawing area. */
  async rectangle(x: number, y: number, width = 120, height = 80): Promise<void> {
    await this.tool('r');
    await this.drag([x, y], [x + width, y + height]);
  }

  /** Draws by hand, and leaves the pen down if `down`. */
  async stroke(x: number, y: number, down = false): Promise<void> {
    await this.tool('p');
    const { page } = this;
    const [left, top] = await this.press(x, y);
    for (let i = 1; i <= 15; i += 1) {
      await page.mouse.move(left + x + i * 8, top + y + Math.sin(i / 2) * 30);
    }
    if (!down) await page.mouse.up();
  }

  /** Puts the mouse down at a place; returns where the drawing area begins. */
  async press(x: number, y: number): Promise<[number, number]> {
    const [left, top] = await this.corner();
    await this.page.mouse.move(left + x, top + y);
    await this.page.mouse.down();
    return [left, top];
  }

  /** Takes a tool by its key. */
  async tool(key: keyof typeof tools): Promise<void> {
    await this.view.locator('.excalidraw').first().press(key);
    await expect(this.view.locator(tools[key])).toBeAttached();
  }

  /** Moves the drawing area under the person's eyes, by so many pixels. */
  async pan(right: number, down: number): Promise<void> {
    const [left, top] = await this.corner();
    await this.page.mouse.move(left + 200, top + 300);
    await this.page.mouse.wheel(right, down);
  }

  /** Follows the only other one who is there, by their picture. */
  async follow(name: string): Promise<void> {
    await this.view.locator('.UserList .Avatar').click();
    await expect(this.following).toHaveText(name);
  }

  /** Whom the person follows. */
  get following(): Locator {
    return this.view.locator('.follow-mode__badge__username');
  }

  /** What others show with the laser pointer, as long as it can be seen. */
  get lasers(): Locator {
    return this.view.locator('.SVGLayer path[d^="M"]');
  }

  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const { page } = this;
    const [left, top] = await this.corner();
    await page.mouse.move(left + from[0], top + from[1]);
    await page.mouse.down();
    await page.mouse.move(left + to[0], top + to[1], { steps: 5 });
    await page.mouse.up();
  }

  /** Pastes a picture, all of one colour, with its middle at a place. */
  async paste(x: number, y: number): Promise<void> {
    await this.pointAt(x, y);
    await this.canvas.evaluate(async () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [160, 120];
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.fillStyle = 'rgb(200 30 60)';
      context.fillRect(0, 0, 160, 120);
      const blob = await new Promise<Blob | null>((take) => {
        canvas.toBlob(take, 'image/png');
      });
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([blob ?? ''], 'plan.png', { type: 'image/png' }));
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
  }

  /** Pastes a file, or drops it, at a place. */
  async bring(
    way: 'paste' | 'drop',
    file: { readonly name: string; readonly type: string; readonly content: string },
    [x, y]: readonly [number, number],
  ): Promise<void> {
    await this.pointAt(x, y);
    await this.canvas.evaluate(
      (canvas, { name, type, content, at, drops }) => {
        const data = new DataTransfer();
        data.items.add(new File([content], name, { type }));
        const { left, top } = canvas.getBoundingClientRect();
        const event = drops
          ? new DragEvent('drop', {
              dataTransfer: data,
              clientX: left + at[0],
              clientY: top + at[1],
              bubbles: true,
              cancelable: true,
            })
          : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
        (drops ? canvas : document).dispatchEvent(event);
      },
      { ...file, at: [x, y] as const, drops: way === 'drop' },
    );
  }

  /** Pastes text, at a place. */
  async pasteText(text: string, [x, y]: readonly [number, number]): Promise<void> {
    await this.pointAt(x, y);
    await this.canvas.evaluate((_, words) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', words);
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, text);
  }

  private async pointAt(x: number, y: number): Promise<void> {
    const [left, top] = await this.corner();
    await this.page.mouse.move(left + x, top + y);
    await this.view.locator('.excalidraw-container').focus();
  }

  /** Chooses from the menu for files and pictures. */
  async choose(entry: string): Promise<void> {
    await this.view.getByRole('button', { name: 'Importieren und exportieren' }).click();
    await this.view.getByRole('menuitem', { name: entry }).click();
  }

  /** Saves the whiteboard as a file; returns what is in it. */
  async save(entry: string): Promise<Buffer> {
    const download = this.page.waitForEvent('download');
    await this.choose(entry);
    return readFile(await (await download).path());
  }

  /** Opens a file from disk. */
  async open(name: string, buffer: Buffer): Promise<void> {
    const input = this.view.locator('input[type=file][accept*=nwb]');
    await input.setInputFiles({ name, mimeType: 'application/json', buffer });
  }

  /** The colour of the drawing area at a place. */
  async colorAt(x: number, y: number): Promise<number[]> {
    return this.view.locator('canvas.static').evaluate(
      (canvas: HTMLCanvasElement, at) => {
        const scale = canvas.width / canvas.clientWidth;
        const pixel = canvas.getContext('2d')?.getImageData(at.x * scale, at.y * scale, 1, 1);
        return [...(pixel?.data.subarray(0, 3) ?? [])];
      },
      { x, y },
    );
  }

  /** Waits until the drawing area is, or is not, of one colour at a place. */
  async expectInk(x: number, y: number, there = true): Promise<void> {
    await expect
      .poll(() => this.inkAt(x, y), { message: `ink near ${String(x)}, ${String(y)}` })
      .toBe(there);
  }

  /** Whether something is drawn within a few pixels of a place. */
  private async inkAt(x: number, y: number): Promise<boolean> {
    return this.view.locator('canvas.static').evaluate(
      (canvas: HTMLCanvasElement, at) => {
        const scale = canvas.width / canvas.clientWidth;
        const context = canvas.getContext('2d');
        if (!context) return false;
        const side = 16 * scale;
        const { data } = context.getImageData(
          at.x * scale - side / 2,
          at.y * scale - side / 2,
          side,
          side,
        );
        for (let i = 0; i < data.length; i += 4) {
          const differs = [0, 1, 2].some(
            (part) => Math.abs((data[i + part] ?? 0) - (data[part] ?? 0)) > 60,
          );
          if (differs) return true;
        }
        return false;
      },
      { x, y },
    );
  }

  private async corner(): Promise<[number, number]> {
    const box = await this.canvas.boundingBox();
    return [box?.x ?? 0, box?.y ?? 0];
  }
}

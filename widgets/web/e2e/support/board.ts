import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { de } from '../../src/text/de';
import type { Texts } from '../../src/text/text';

/** Another card's place, or the end of a column. */
type Place = { readonly onto: string } | { readonly endOf: string };

/** A board in a browser, as its person sees and handles it. */
export class Board {
  constructor(
    readonly page: Page,
    /** The page itself, or the widget's frame in it. */
    readonly view: Page | FrameLocator,
    private readonly t: Texts = de,
  ) {}

  /** Waits until the board is there. */
  async opened(): Promise<this> {
    await expect(this.view.getByRole('heading', { level: 1, name: this.t.board })).toBeVisible();
    await expect(this.view.locator('[aria-busy=true]')).toHaveCount(0);
    return this;
  }

  column(title: string): Locator {
    return this.view.getByRole('region', { name: title, exact: true });
  }

  /** A card, by its whole title. */
  card(title: string): Locator {
    return this.view.locator(
      `[data-card-id]:has([data-card-face] > span:first-child:text-is(${JSON.stringify(title)}))`,
    );
  }

  /** What of the card is picked up and pressed. */
  face(title: string): Locator {
    return this.card(title).locator('[data-card-face]');
  }

  /** The cards of a column from top to bottom are these. */
  async expectCards(column: string, titles: readonly string[]): Promise<void> {
    await expect(this.column(column).locator('[data-card-face] > span:first-child')).toHaveText([
      ...titles,
    ]);
  }

  /** The columns from left to right are these. */
  async expectColumns(titles: readonly string[]): Promise<void> {
    await expect(this.view.locator('section[data-column-id] h2')).toHaveText([...titles]);
  }

  /** Adds a card at the end of a column. */
  async add(column: string, title: string): Promise<void> {
    await this.column(column)
      .getByRole('button', { name: this.t.cardAddTo(column) })
      .click();
    const field = this.column(column).getByRole('textbox', { name: this.t.cardNewTitle });
    await field.fill(title);
    await field.press('Enter');
    await expect(this.card(title)).toBeVisible();
    await field.press('Escape');
  }

  /** Opens a card. */
  async open(title: string): Promise<Locator> {
    await this.face(title).click();
    const dialog = this.view.getByRole('dialog', { name: title });
    await expect(dialog).toBeVisible();
    return dialog;
  }

  async close(dialog: Locator): Promise<void> {
    await dialog.getByRole('button', { name: this.t.close, exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  /** Opens the menu of a card or column and chooses from it. */
  async choose(menu: Locator, entry: string | RegExp): Promise<void> {
    await menu.click();
    await this.view.getByRole('menuitem', { name: entry }).click();
  }

  cardMenu(title: string): Locator {
    return this.view.getByRole('button', { name: this.t.cardActions(title), exact: true });
  }

  columnMenu(title: string): Locator {
    return this.view.getByRole('button', { name: this.t.columnActions(title), exact: true });
  }

  /** An entry of the list that a field suggests. */
  suggestion(name: string): Locator {
    return this.view.getByRole('listbox').getByRole('option', { name });
  }

  /**
   * Chooses what a field suggests, when something is typed or the field is only pressed. The list
   * closes by itself when anything scrolls; then it is opened again.
   */
  async pick(field: Locator, name: string, typed = ''): Promise<void> {
    await expect(async () => {
      await field.blur();
      await field.click();
      await field.fill('');
      await field.fill(typed);
      await this.suggestion(name).click({ timeout: 3_000 });
    }).toPass();
  }

  /** A message at the lower edge. */
  toast(text: string): Locator {
    return this.view
      .getByRole('region', { name: this.t.messages })
      .locator('[data-tone]')
      .filter({ hasText: text });
  }

  /** What the page says of its connection. */
  get connection(): Locator {
    return this.view.locator('header').getByRole('status').filter({ hasText: /\S/ });
  }

  /** The page says that it is trying to connect. */
  async expectDown(): Promise<void> {
    await expect(this.connection).toContainText(this.t.reconnecting);
  }

  /** So many changes have not reached the server. */
  async expectUnsaved(count: number): Promise<void> {
    await expect(this.connection).toContainText(this.t.unsaved(count));
  }

  /** There is a connection, or will be: a page tries again every half a minute at the least. */
  async expectSaved(): Promise<void> {
    await expect(this.connection).toHaveCount(0, { timeout: 90_000 });
  }

  /** How many people look at the board. */
  async expectViewers(count: number): Promise<void> {
    await expect(
      this.view.getByRole('button', { name: this.t.viewers(count), exact: true }),
    ).toBeVisible();
  }

  /** Drags a card with the mouse. */
  async drag(title: string, place: Place): Promise<void> {
    const mouse = this.page.mouse;
    const from = await middle(this.face(title));
    await mouse.move(from.x, from.y);
    await mouse.down();
    // Less than this is a press.
    await mouse.move(from.x + 8, from.y + 8, { steps: 4 });
    await expect(this.card(title)).toHaveAttribute('data-lifted', '');
    const to = await this.point(place);
    await mouse.move(to.x, to.y, { steps: 12 });
    await expect(this.listOf(place)).toHaveAttribute('data-over', '');
    // The library follows the mouse frame by frame; another frame, and it is where the mouse is.
    await mouse.move(to.x + 1, to.y + 1, { steps: 2 });
    await this.twoFrames();
    await mouse.up();
    await expect(this.card(title)).not.toHaveAttribute('data-lifted', '');
  }

  /** Drags a column by its title to where another one stands. */
  async dragColumn(title: string, onto: string): Promise<void> {
    const mouse = this.page.mouse;
    const from = await this.titlePoint(title);
    const to = await boxOf(this.column(onto));
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 8, from.y + 8, { steps: 4 });
    await expect(this.column(title)).toHaveAttribute('data-lifted', '');
    await mouse.move(to.x + 20, from.y, { steps: 12 });
    await this.twoFrames();
    await mouse.up();
    await expect(this.column(title)).not.toHaveAttribute('data-lifted', '');
  }

  /** Waits until what the mouse did last has been taken in. */
  async twoFrames(): Promise<void> {
    await this.view.locator('body').evaluate(
      () =>
        new Promise<void>((done) => {
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              done();
            });
          });
        }),
    );
  }

  /** Where on the screen a place is. */
  async point(place: Place): Promise<{ x: number; y: number }> {
    if ('onto' in place) return middle(this.face(place.onto));
    const cards = this.column(place.endOf).locator('[data-card-id]');
    const list = await boxOf(this.listOf(place));
    const x = list.x + list.width / 2;
    if ((await cards.count()) === 0) return { x, y: list.y + 30 };
    const last = await boxOf(cards.last());
    return { x, y: last.y + last.height + 20 };
  }

  /** Where a column is picked up. */
  async titlePoint(column: string): Promise<{ x: number; y: number }> {
    return middle(this.column(column).getByRole('button', { name: column, exact: true }));
  }

  listOf(place: Place): Locator {
    const list = this.view.locator('[data-rfd-droppable-id^="list:"]');
    return 'onto' in place
      ? list.filter({ has: this.page.locator(`css=${cardSelector(place.onto)}`) })
      : this.column(place.endOf).locator('[data-rfd-droppable-id^="list:"]');
  }
}

function cardSelector(title: string): string {
  return `[data-card-face] > span:first-child:text-is(${JSON.stringify(title)})`;
}

async function boxOf(
  locator: Locator,
): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('this cannot be seen');
  return box;
}

async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  await locator.scrollIntoViewIfNeeded();
  const box = await boxOf(locator);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

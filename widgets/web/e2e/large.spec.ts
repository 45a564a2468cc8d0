import type { Page } from '@playwright/test';
import type { Item } from '../src/live/protocol';
import { de } from '../src/text/de';
import { expect, test } from './support/story';

const cards = 10_000;
const columns = ['open', 'doing', 'done'];

/** More cards than a person could make; only the page sees them, behind those of the server. */
function many(): Item[] {
  return Array.from({ length: cards }, (_, i) => ({
    id: `viele${String(i)}`,
    kind: 'card',
    fields: {
      title: `Vorgang ${String(i)} in der Straße ${String(i % 97)}`,
      description: 'Größe, Lage und Zuständigkeit klären. '.repeat(6),
      column: columns[i % columns.length] ?? 'open',
      rank: `z${String(i).padStart(9, '0')}`,
      number: String(i + 100),
      due: `2026-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
      [`label/Amt ${String(i % 20)}`]: true,
    },
  }));
}

/** Puts them into the snapshot on its way to the page. */
async function enlarge(page: Page): Promise<void> {
  await page.routeWebSocket(/\/api\/v1\/live$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (typeof message === 'string') {
        const said = JSON.parse(message) as { t: string; items?: Item[]; more?: boolean };
        if (said.t === 'items' && said.more === false) {
          socket.send(JSON.stringify({ ...said, items: [...(said.items ?? []), ...many()] }));
          return;
        }
      }
      socket.send(message);
    });
  });
}

interface Frames {
  readonly frames: number;
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
}

/** Measures the frames that the page draws while something is done. */
async function framesWhile(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const times: number[] = [];
    const note = (now: number): void => {
      times.push(now);
      if (document.documentElement.dataset.measuring !== undefined) requestAnimationFrame(note);
    };
    document.documentElement.dataset.measuring = '';
    Object.assign(window, { frameTimes: times });
    requestAnimationFrame(note);
  });
  await act();
  const times = await page.evaluate(() => {
    delete document.documentElement.dataset.measuring;
    return (window as unknown as { frameTimes: number[] }).frameTimes;
  });
  const lengths = times.slice(1).map((time, i) => time - (times[i] ?? time));
  lengths.sort((a, b) => a - b);
  const at = (part: number): number =>
    Math.round((lengths[Math.floor((lengths.length - 1) * part)] ?? 0) * 10) / 10;
  return { frames: lengths.length, median: at(0.5), p95: at(0.95), longest: at(1) };
}

async function scroll(page: Page, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  for (let i = 0; i < 40; i += 1) await page.mouse.wheel(0, i < 30 ? 900 : -1_500);
}

test('ten thousand cards are scrolled, filtered, sorted and dragged', async ({ stage }) => {
  const room = await stage.room({
    colleagues: ['Jonas Weber'],
    cards: { open: ['Angebot', 'Brücke'] },
  });
  const page = await stage.page();
  await enlarge(page);
  const anna = await stage.byLink(room, room.anna, { page });
  const jonas = await (await stage.inElement(room, room.colleagues[0] ?? room.anna)).opened();
  const { view } = anna;
  const report: Record<string, unknown> = { cards };
  const drawn = view.locator('[data-card-id]');
  const few = async (): Promise<void> => {
    expect(await drawn.count()).toBeLessThan(250);
  };

  const opening = Date.now();
  await anna.opened();
  await expect(anna.card('Vorgang 0 in der Straße 0')).toBeVisible();
  await expect(anna.column('In Arbeit')).toContainText('3333');
  report.open_ms = Date.now() - opening;
  await few();

  const list = await anna.listOf({ endOf: 'Offen' }).boundingBox();
  if (!list) throw new Error('no list');
  report.scroll_board = await framesWhile(page, () =>
    scroll(page, list.x + list.width / 2, list.y + list.height / 2),
  );
  await few();
  await anna.listOf({ endOf: 'Offen' }).evaluate((element) => {
    element.scrollTop = 0;
  });

  await expect(anna.card('Angebot')).toBeVisible();
  report.drag = await framesWhile(page, () =>
    anna.drag('Angebot', { onto: 'Vorgang 1 in der Straße 1' }),
  );
  await jonas.expectCards('In Arbeit', ['Angebot']);

  const search = view.getByRole('searchbox', { name: de.filterText });
  const filtering = Date.now();
  report.type_filter = await framesWhile(page, async () => {
    await search.pressSequentially('strasse 42 vorgang 9');
    await expect(anna.column('Offen')).toContainText('48 von 3335');
  });
  report.filter_ms = Date.now() - filtering;
  await search.fill('');

  await view.getByRole('button', { name: de.viewTable }).click();
  const grid = view.getByRole('grid');
  await expect(grid).toHaveAttribute('aria-rowcount', String(cards + 3));
  const sorting = Date.now();
  const title = grid.getByRole('columnheader', { name: de.dialogTitle });
  await title.getByRole('button').click();
  await title.getByRole('button').click();
  await expect(grid.locator('[data-column=title] > span:first-child').first()).toContainText(
    'Vorgang 9999',
  );
  report.sort_ms = Date.now() - sorting;
  report.scroll_table = await framesWhile(page, () => scroll(page, 500, 400));
  await few();

  for (const [name, shown] of [
    [de.viewCalendar, view.locator('[data-day]').first()],
    [de.viewTimeline, view.getByRole('region', { name: de.viewTimeline })],
  ] as const) {
    const switching = Date.now();
    await view.getByRole('button', { name, exact: true }).click();
    await expect(shown).toBeVisible();
    await expect(drawn.first()).toBeVisible();
    report[`open_${name}_ms`] = Date.now() - switching;
    await few();
  }
  console.log(JSON.stringify(report));
});

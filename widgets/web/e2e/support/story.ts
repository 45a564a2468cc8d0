import { test as base, expect, type BrowserContextOptions, type Page } from '@playwright/test';
import { de } from '../../src/text/de';
import { en } from '../../src/text/en';
import type { HostOptions } from '../host/main';
import { theWorld } from '../world/world';
import { Board } from './board';
import { Line } from './line';
import type { Person } from './matrix';
import { ProjectRoom, type Cast } from './room';

/** How a person's chat client shows the board. */
export interface Look {
  readonly theme?: string;
  readonly language?: string;
  readonly ask?: boolean;
  /** The person lets the widget speak in their name. */
  readonly speaks?: boolean;
  readonly line?: Line;
  /** Another room, which the widget's address names though it is not theirs. */
  readonly instead?: { readonly id: string };
  /** A page that is there already. */
  readonly page?: Page;
  /** The person's device. */
  readonly device?: BrowserContextOptions;
}

/** Where a story is told: makes rooms and gives people browsers, and clears up. */
export interface Stage {
  room: (cast?: Cast) => Promise<ProjectRoom>;
  /** A browser of its own. */
  page: (device?: BrowserContextOptions) => Promise<Page>;
  /** Opens the board inside the chat client of a person. */
  inElement: (room: { readonly id: string }, person: Person, look?: Look) => Promise<Board>;
  /** Opens the board in a person's browser, by a private link that the bot sent. */
  byLink: (room: ProjectRoom, person: Person, look?: Look) => Promise<Board>;
  /** A line to Werkraum that can be cut. */
  line: () => Promise<Line>;
}

/** Tests with a stage. */
export const test = base.extend<{ stage: Stage }>({
  stage: async ({ browser }, tell) => {
    const clearUp: (() => Promise<unknown> | undefined)[] = [];
    const problems: string[] = [];

    const page = async (device: BrowserContextOptions = {}): Promise<Page> => {
      const context = await browser.newContext(device);
      clearUp.unshift(() => context.close());
      const made = await context.newPage();
      // Nothing may go wrong unseen in any story.
      made.on('pageerror', (error) => problems.push(error.message));
      made.on('console', (message) => {
        const text = message.text();
        if (
          message.type() === 'error' &&
          /content security|trusted|permissions policy|unrecognized|react|warning/i.test(text)
        ) {
          problems.push(text);
        }
      });
      return made;
    };
    const inElement: Stage['inElement'] = async (room, person, look = {}) => {
      const opened = look.page ?? (await page(look.device));
      const options: HostOptions = {
        homeserver: person.server.url,
        user: person.id,
        name: person.name,
        token: person.token,
        room: room.id,
        theme: look.theme ?? 'light',
        language: look.language ?? 'de',
        ask: look.ask ?? false,
        speaks: look.speaks ?? false,
        widgetRoom: look.instead?.id ?? room.id,
        through: look.line?.origin ?? null,
      };
      await opened.goto(`${theWorld().host}/#${encodeURIComponent(JSON.stringify(options))}`);
      const texts = options.language.startsWith('de') ? de : en;
      return new Board(opened, opened.frameLocator('iframe'), texts);
    };
    const byLink: Stage['byLink'] = async (room, person, look = {}) => {
      const opened = look.page ?? (await page(look.device));
      const link = await room.privateLink(person);
      await opened.goto(look.line ? link.replace(new URL(link).origin, look.line.origin) : link);
      return new Board(opened, opened);
    };
    await tell({
      page,
      inElement,
      byLink,
      room: async (cast) => {
        const made = await ProjectRoom.make(cast);
        clearUp.unshift(() => {
          made.seat.leave();
          return undefined;
        });
        return made;
      },
      line: async () => {
        const laid = await Line.lay(theWorld().werkraum);
        clearUp.push(() => laid.takeUp());
        return laid;
      },
    });
    for (const act of clearUp) await act();
    expect(problems, 'errors in the browser').toEqual([]);
  },
});

export { expect };

/** What the tests know of the world that runs for them. */
export interface World {
  /** Address of Werkraum's pages, without a slash at its end. */
  readonly werkraum: string;
  /** Address of the page that shows the widget as Element does; another site than Werkraum's. */
  readonly host: string;
  readonly amt: Homeserver;
  readonly partner: Homeserver;
  /** Matrix ID of Werkraum's bot. */
  readonly bot: string;
  /** The demo's example room, to be looked at only. */
  readonly example: {
    readonly room: string;
    readonly user: string;
    readonly password: string;
  };
}

/** One of the two homeservers. */
export interface Homeserver {
  /** As in Matrix IDs. */
  readonly name: string;
  /** Address of its client-server API. */
  readonly url: string;
  /** With it accounts are made. */
  readonly secret: string;
}

const variable = 'WERKRAUM_E2E_WORLD';

/** Hands the world from the setup to the workers. */
export function publishWorld(world: World): void {
  process.env[variable] = JSON.stringify(world);
}

/** The world of this run. */
export function theWorld(): World {
  const text = process.env[variable];
  if (!text) throw new Error('the world was not started: run the tests with `npm run e2e`');
  return JSON.parse(text) as World;
}

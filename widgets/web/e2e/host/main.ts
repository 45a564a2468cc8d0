import { ClientWidgetApi, Widget, type IWidget } from 'matrix-widget-api';
import { ElementDriver } from './driver';

/** Whose client this is. */
export interface Account {
  readonly homeserver: string;
  readonly user: string;
  readonly name: string;
  readonly token: string;
}

/** What a test says to this page, in its fragment. */
export interface HostOptions extends Account {
  readonly room: string;
  /** The room that the widget is told it is in: the same, unless somebody cheats. */
  readonly widgetRoom: string;
  readonly theme: string;
  readonly language: string;
  /** Whether the person is asked before the widget learns who they are. */
  readonly ask: boolean;
  /** Whether the person lets the widget speak in their name. */
  readonly speaks: boolean;
  /** Origin to load the widget from instead of its own, for lines that tests can cut. */
  readonly through: string | null;
}

/** What a test reads and does here. */
export interface HostHandle {
  readonly asked: readonly string[];
  readonly identityAsked: number;
  readonly widgets: number;
  setTheme(name: string): Promise<void>;
}

declare global {
  interface Window {
    host?: HostHandle;
  }
}

const stateType = 'im.vector.modular.widgets';
// As Element's AppTile has it.
const sandbox =
  'allow-forms allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts allow-presentation allow-downloads';
const allow =
  'microphone; camera; encrypted-media; autoplay; display-capture; clipboard-write; clipboard-read;';

interface StateEvent {
  readonly type: string;
  readonly state_key: string;
  readonly sender: string;
  readonly content: Partial<IWidget>;
}

/** The room's widgets, as Element reads them: only events with type and address count. */
async function widgetsOf(options: HostOptions): Promise<IWidget[]> {
  const response = await fetch(
    `${options.homeserver}/_matrix/client/v3/rooms/${encodeURIComponent(options.room)}/state`,
    { headers: { authorization: `Bearer ${options.token}` } },
  );
  if (!response.ok) throw new Error(`the homeserver answers ${String(response.status)}`);
  const state = (await response.json()) as StateEvent[];
  return state.flatMap(({ type, state_key, sender, content }) =>
    type === stateType && content.type && content.url
      ? [{ ...(content as IWidget), id: state_key, creatorUserId: sender }]
      : [],
  );
}

/** Element adds these two by itself (ElementWidgetMessaging). */
function addressOf(widget: Widget, options: HostOptions): string {
  const address = new URL(
    widget.getCompleteUrl({
      widgetRoomId: options.widgetRoom,
      currentUserId: options.user,
      userDisplayName: options.name,
      clientId: 'io.element.web',
      clientTheme: options.theme,
      clientLanguage: options.language,
      baseUrl: options.homeserver,
    }),
  );
  address.searchParams.set('widgetId', widget.id);
  address.searchParams.set('parentUrl', location.href.split('#', 2)[0] ?? '');
  return address.toString().replaceAll('%24', '$');
}

/** Element's dialog, reduced to its question. */
function askPerson(): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', 'Identität prüfen');
  dialog.innerHTML =
    '<p>Diesem Widget erlauben, deine Identität zu überprüfen?</p><form method="dialog"><button value="no">Ablehnen</button> <button value="yes">Fortfahren</button></form>';
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answered) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      answered(dialog.returnValue === 'yes');
    });
  });
}

async function show(): Promise<void> {
  const options = JSON.parse(decodeURIComponent(location.hash.slice(1))) as HostOptions;
  const widgets = await widgetsOf(options);
  const [first] = widgets;
  if (!first) throw new Error('the room has no widget');
  const widget = new Widget(
    options.through
      ? { ...first, url: first.url.replace(new URL(first.url).origin, options.through) }
      : first,
  );
  const frame = document.createElement('iframe');
  frame.title = first.name ?? first.id;
  frame.setAttribute('sandbox', sandbox);
  frame.allow = allow;
  const driver = new ElementDriver(
    options,
    options.ask ? askPerson : null,
    options.room,
    options.speaks,
  );
  // As in Element: the frame is in the page and has its address before the API listens.
  frame.src = addressOf(widget, options);
  document.querySelector('main')?.append(frame);
  const api = new ClientWidgetApi(widget, frame, driver);
  let theme = options.theme;
  api.on('ready', () => {
    void api.updateTheme({ name: theme });
  });
  window.host = {
    asked: driver.asked,
    get identityAsked() {
      return driver.identityAsked;
    },
    widgets: widgets.length,
    async setTheme(name) {
      theme = name;
      await api.updateTheme({ name });
    },
  };
}

void show();

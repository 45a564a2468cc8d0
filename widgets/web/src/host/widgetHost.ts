import { WidgetApi } from 'matrix-widget-api/lib/WidgetApi';
import { WidgetApiToWidgetAction } from 'matrix-widget-api/lib/interfaces/WidgetApiAction';
import { HostSilent, OpenIDRefused } from './errors';

/** An OpenID token of the person's own homeserver; it proves who they are and opens nothing. */
export interface OpenID {
  readonly access_token: string;
  readonly matrix_server_name: string;
}

/** What the page uses of the chat client that shows it. At the start it asks for no capabilities. */
export interface WidgetHost {
  /** Asks who the person is; the host may ask them first, so this can take long. */
  openID(): Promise<OpenID>;
  /**
   * Says something in the room as the person, whom the host may ask the first time. False if they
   * or the host do not want that; they are not asked again. Throws HostSilent if it is not known
   * whether it was said.
   */
  say(content: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/** To send plain messages into the room that is looked at, and nothing else. */
const toSpeak = 'org.matrix.msc2762.send.event:m.room.message#m.text';
/** So long a person may think about it. */
const forAnswer = 120_000;

/**
 * Speaks with the chat client around the widget.
 * @param origin of the host; what is sent goes to it alone
 * @param themed is called with the name of the host's theme whenever it changes
 */
export function connectToHost(
  widgetID: string,
  origin: string,
  themed: (name: string) => void,
): WidgetHost {
  // The library takes messages from any window; ours is the one around us and no other.
  window.addEventListener(
    'message',
    (event) => {
      if (event.source !== window.parent || event.origin !== origin) {
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  const api = new WidgetApi(widgetID, origin);
  api.on(`action:${WidgetApiToWidgetAction.ThemeChange}`, (event: CustomEvent<ThemeChange>) => {
    event.preventDefault();
    const { name } = event.detail.data;
    if (typeof name === 'string') themed(name);
    api.transport.reply(event.detail, {});
  });
  api.start();
  // With waitForIframeLoad false the host waits for this; otherwise it answers with an error that
  // concerns nobody, since it has already asked for the capabilities on its own.
  api.sendContentLoaded().catch(() => undefined);

  let maySpeak: Promise<boolean> | null = null;
  const askToSpeak = async (): Promise<boolean> => {
    const answered = new Promise<boolean>((answer) => {
      const timer = setTimeout(() => {
        answer(false);
      }, forAnswer);
      api.on(
        `action:${WidgetApiToWidgetAction.NotifyCapabilities}`,
        ({ detail }: CustomEvent<NotifyCapabilities>) => {
          if (!detail.data.requested?.includes(toSpeak)) return;
          clearTimeout(timer);
          answer(detail.data.approved?.includes(toSpeak) === true);
        },
      );
    });
    try {
      const versions: readonly string[] = await api.getClientVersions();
      if (![renegotiates, notifies].every((version) => versions.includes(version))) return false;
      api.requestCapability(toSpeak);
      await api.updateRequestedCapabilities();
    } catch {
      return false; // a host that does not know how to be asked
    }
    return answered;
  };

  return {
    async say(content) {
      maySpeak ??= askToSpeak();
      if (!(await maySpeak)) return false;
      try {
        await api.sendRoomEvent('m.room.message', content);
        return true;
      } catch (error) {
        if (isSilence(error)) throw new HostSilent();
        return false;
      }
    },
    async openID() {
      // A host that is still starting misses the first question; asking again shows no second
      // dialog, since it never saw the first.
      for (let attempt = 1; ; attempt += 1) {
        try {
          const token = await api.requestOpenIDConnectToken();
          if (!token.access_token || !token.matrix_server_name) throw new OpenIDRefused();
          return { access_token: token.access_token, matrix_server_name: token.matrix_server_name };
        } catch (error) {
          if (!isSilence(error)) throw new OpenIDRefused();
          if (attempt === 2) throw new HostSilent();
        }
      }
    },
  };
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && /timed out/i.test(error.message);
}

/** The versions of the widget API by which a host can be asked later on, and answers. */
const renegotiates = 'org.matrix.msc2974';
const notifies = 'org.matrix.msc2871';

interface NotifyCapabilities {
  readonly data: {
    readonly requested?: readonly string[];
    readonly approved?: readonly string[];
  };
}

interface ThemeChange {
  readonly data: { readonly name?: unknown };
  readonly api: never;
  readonly action: never;
  readonly requestId: string;
  readonly widgetId: string;
}

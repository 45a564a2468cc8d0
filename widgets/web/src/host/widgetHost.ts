import { WidgetApi } from 'matrix-widget-api/lib/WidgetApi';
import { WidgetApiToWidgetAction } from 'matrix-widget-api/lib/interfaces/WidgetApiAction';
import { HostSilent, OpenIDRefused } from './errors';

/** An OpenID token of the person's own homeserver; it proves who they are and opens nothing. */
export interface OpenID {
  readonly access_token: string;
  readonly matrix_server_name: string;
}

/** What the page uses of the chat client that shows it. It asks for no capabilities. */
export interface WidgetHost {
  /** Asks who the person is; the host may ask them first, so this can take long. */
  openID(): Promise<OpenID>;
}

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

  return {
    async openID() {
      // A host that is still starting misses the first question; asking again shows no second
      // dialog, since it never saw the first.
      for (let attempt = 1; ; attempt += 1) {
        try {
          const token = await api.requestOpenIDConnectToken();
          if (!token.access_token || !token.matrix_server_name) throw new OpenIDRefused();
          return { access_token: token.access_token, matrix_server_name: token.matrix_server_name };
        } catch (error) {
          const silent = error instanceof Error && /timed out/i.test(error.message);
          if (!silent) throw new OpenIDRefused();
          if (attempt === 2) throw new HostSilent();
        }
      }
    },
  };
}

interface ThemeChange {
  readonly data: { readonly name?: unknown };
  readonly api: never;
  readonly action: never;
  readonly requestId: string;
  readonly widgetId: string;
}

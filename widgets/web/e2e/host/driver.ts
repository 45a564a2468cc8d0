import {
  OpenIDRequestState,
  WidgetDriver,
  type Capability,
  type IOpenIDCredentials,
  type IOpenIDUpdate,
  type ISendEventDetails,
  type SimpleObservable,
} from 'matrix-widget-api';
import type { Account } from './main';

/** Does for the widget what Element does, and keeps a record of what it asked for. */
export class ElementDriver extends WidgetDriver {
  /** Capabilities that the widget asked for; each would be a line of a dialog in Element. */
  readonly asked: Capability[] = [];
  /** How often it asked who the person is. */
  identityAsked = 0;

  constructor(
    private readonly account: Account,
    /** Asks the person, as Element does the first time. */
    private readonly consent: (() => Promise<boolean>) | null,
    /** The room that is looked at, and whether the person lets the widget speak in it. */
    private readonly room: string,
    private readonly speaks: boolean,
  ) {
    super();
  }

  override validateCapabilities(requested: Set<Capability>): Promise<Set<Capability>> {
    this.asked.push(...requested);
    return Promise.resolve(this.speaks ? requested : new Set<Capability>());
  }

  override async sendEvent(type: string, content: unknown): Promise<ISendEventDetails> {
    const { homeserver, token } = this.account;
    const path = `rooms/${encodeURIComponent(this.room)}/send/${type}/${crypto.randomUUID()}`;
    const response = await fetch(`${homeserver}/_matrix/client/v3/${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(content),
    });
    if (!response.ok) throw new Error(`the homeserver answers ${String(response.status)}`);
    const { event_id } = (await response.json()) as { event_id: string };
    return { roomId: this.room, eventId: event_id };
  }

  override askOpenID(observer: SimpleObservable<IOpenIDUpdate>): void {
    this.identityAsked += 1;
    void this.answer(observer);
  }

  private async answer(observer: SimpleObservable<IOpenIDUpdate>): Promise<void> {
    if (this.consent) {
      observer.update({ state: OpenIDRequestState.PendingUserConfirmation });
      if (!(await this.consent())) {
        observer.update({ state: OpenIDRequestState.Blocked });
        return;
      }
    }
    observer.update({ state: OpenIDRequestState.Allowed, token: await this.token() });
  }

  private async token(): Promise<IOpenIDCredentials> {
    const { homeserver, user, token } = this.account;
    const response = await fetch(
      `${homeserver}/_matrix/client/v3/user/${encodeURIComponent(user)}/openid/request_token`,
      { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' },
    );
    if (!response.ok) throw new Error(`the homeserver answers ${String(response.status)}`);
    return (await response.json()) as IOpenIDCredentials;
  }
}

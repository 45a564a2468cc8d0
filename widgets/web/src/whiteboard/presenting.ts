import type { PersonHere, Presence } from '../live/protocol';

/** So long the server may take to let a moderator take over, before it is clear that it does not. */
const patience = 30_000;

/** Who presents at a whiteboard, as far as this page is concerned. */
export interface PresentingState {
  /** This page presents. */
  readonly own: boolean;
  /** The user ID of somebody else who does. */
  readonly other: string | null;
  /** The person has looked away from what is presented to them. */
  readonly away: boolean;
  /** The frame that is shown, if it is one. */
  readonly frame: string | null;
}

/** Who is at the whiteboard, as the server tells. */
export interface Told {
  readonly ownPage: string;
  /** The page of the presenter, or empty. */
  readonly presenter: string;
  readonly people: ReadonlyMap<string, PersonHere>;
}

const nobody: PresentingState = { own: false, other: null, away: false, frame: null };

/** Presenting, and being presented to. */
export class Presenting {
  private current = nobody;
  /** When the person began, and whose page presented then, until the server has made it theirs. */
  private began: { readonly at: number; readonly before: string } | null = null;
  private leads: PersonHere | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly say: (part: {
      presenting: Presence['presenting'];
      frame: Presence['frame'];
    }) => void,
  ) {}

  get state(): PresentingState {
    return this.current;
  }

  /** Whom the person follows: who presents to them, unless they look away. */
  get leader(): PersonHere | null {
    return this.current.away ? null : this.leads;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins to present: a frame, or what the person sees. */
  start(frame: string | null, now: number): void {
    this.began = { at: now, before: this.leads?.page ?? '' };
    this.say({ presenting: true, frame: frame ?? undefined });
    this.set({ own: true, other: null, away: false, frame });
  }

  stop(): void {
    this.began = null;
    this.say({ presenting: undefined, frame: undefined });
    this.set(nobody);
  }

  /** Shows another frame to the others. */
  show(frame: string): void {
    if (!this.current.own) return;
    this.say({ presenting: true, frame });
    this.set({ ...this.current, frame });
  }

  /** The person looks away from what is presented to them, or comes back to it. */
  look(away: boolean): void {
    this.set({ ...this.current, away });
  }

  /** Takes what the server tells. Who was first, or has taken over, ends the person's own. */
  take({ ownPage, presenter, people }: Told, now: number): void {
    const other = presenter === ownPage ? null : (people.get(presenter) ?? null);
    if (this.current.own) {
      // Once the server has named this page it waits for no other answer.
      if (presenter === ownPage) this.began = null;
      if (!other) return;
      // Whoever is to be replaced presents until the server has heard of it, however busy it is; who
      // has begun meanwhile was first.
      const { began } = this;
      if (began?.before === presenter && now - began.at < patience) return;
      this.began = null;
      this.say({ presenting: undefined, frame: undefined });
    }
    this.leads = other;
    const { away } = this.current;
    this.set(
      other ? { own: false, other: other.user_id, away, frame: other.frame ?? null } : nobody,
    );
  }

  private set(next: PresentingState): void {
    if (next.own) this.leads = null;
    if (JSON.stringify(next) === JSON.stringify(this.current)) return;
    this.current = next;
    for (const listener of this.listeners) listener();
  }
}

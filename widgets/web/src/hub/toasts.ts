/** What a message offers beside being closed. */
export type Offer =
  /** Takes back what the message is about. */
  | { readonly kind: 'undo'; readonly undo: () => void }
  /** What the person typed and nobody has kept. */
  | { readonly kind: 'copy'; readonly text: string }
  /** The page is older than the server. */
  | { readonly kind: 'reload' };

/** A short message about something the person did. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'done' | 'refused';
  readonly offer: Offer | null;
}

/**
 * The messages on the screen: the latest own change, and every refusal until it is dismissed.
 */
export class Toasts {
  private list: readonly Toast[] = [];
  private next = 1;
  private readonly listeners = new Set<() => void>();

  get shown(): readonly Toast[] {
    return this.list;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Says that something was done; replaces what was said of an earlier change. */
  done(text: string, undo: (() => void) | null): void {
    const offer: Offer | null = undo && { kind: 'undo', undo };
    this.replace([...this.refusals(), { id: this.next, text, tone: 'done', offer }]);
  }

  /**
   * Says that something was refused; whatever was said of it before is no longer true. The same
   * sentence is shown once, and only what holds somebody's words stays among many.
   */
  refused(text: string, offer: Offer | null = null): void {
    const same = this.refusals().find((toast) => toast.text === text);
    const others = this.refusals().filter((toast) => toast !== same);
    const kept = others.filter(
      (toast, at) => toast.offer?.kind === 'copy' || at >= others.length - 2,
    );
    const both = together(same?.offer ?? null, offer);
    this.replace([...kept, { id: this.next, text, tone: 'refused', offer: both }]);
  }

  dismiss(id: number): void {
    this.replace(this.list.filter((toast) => toast.id !== id));
  }

  private refusals(): Toast[] {
    return this.list.filter((toast) => toast.tone === 'refused');
  }

  private replace(list: readonly Toast[]): void {
    this.next += 1;
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

function together(earlier: Offer | null, later: Offer | null): Offer | null {
  if (earlier?.kind !== 'copy') return later;
  if (later?.kind !== 'copy' || earlier.text.includes(later.text)) return earlier;
  return { kind: 'copy', text: `${earlier.text}\n\n${later.text}` };
}

/** Offers what the person typed for an act; texts stand in these arguments, whatever the act. */
export function copyOfTyped(args: object): Offer | null {
  const { title, description } = args as { title?: unknown; description?: unknown };
  const typed = [title, description].filter((text) => typeof text === 'string' && text !== '');
  return typed.length > 0 ? { kind: 'copy', text: typed.join('\n\n') } : null;
}

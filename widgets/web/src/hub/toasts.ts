/** A short message about something the person did. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'done' | 'refused';
  /** Takes back what the message is about. */
  readonly undo: (() => void) | null;
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
    this.replace([...this.refusals(), { id: this.next, text, tone: 'done', undo }]);
  }

  /** Says that something was refused; whatever was said of it before is no longer true. */
  refused(text: string): void {
    const others = this.refusals().filter((toast) => toast.text !== text);
    this.replace([...others.slice(-2), { id: this.next, text, tone: 'refused', undo: null }]);
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

import type { LiveClient } from '../live/client';
import type { HereNews, PersonHere, Presence } from '../live/protocol';
import { dataOf, sentOf, shaped, type Element } from './elements';
import { thinned } from './thin';

/** How often the others are told at most. */
const tellEvery = 50;

const mostDrafts = 4;
/** So many characters of drafts the others are sent; the rest they see when it is done. */
const mostDraftCharacters = 14 * 1024;
const mostSelected = 50;

/** Tells the others at the whiteboard what the person does, at most so often. */
export class OwnPresence {
  private presence: Presence = {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private told = 0;
  private due = false;

  constructor(private readonly client: LiveClient) {}

  /** What the person does now; what is undefined in it is no more. */
  set(part: { [K in keyof Presence]: Presence[K] | undefined }): void {
    const next = Object.fromEntries(
      Object.entries({ ...this.presence, ...part }).filter(([, value]) => value !== undefined),
    ) as Presence;
    if (JSON.stringify(next) === JSON.stringify(this.presence)) return;
    this.presence = next;
    this.tell();
  }

  /** Tells it again, to somebody who has come or after an interruption. */
  tell(): void {
    this.due = true;
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.told + tellEvery - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (!this.due) return;
      this.due = false;
      this.told = Date.now();
      this.client.here(this.presence);
    }, wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/** What is being drawn, as the others are sent it: the first few elements, small enough. */
export function draftsOf(elements: readonly Element[]): Presence['drafts'] {
  const drafts: Record<string, unknown>[] = [];
  let room = mostDraftCharacters;
  for (const element of elements.slice(0, mostDrafts)) {
    const lean = thinned(element, room);
    const size = dataOf(lean).length;
    if (size > room) continue;
    room -= size;
    drafts.push(sentOf(lean));
  }
  return drafts.length > 0 ? drafts : undefined;
}

/** The selected elements, as the others are told. */
export function selectedOf(ids: Readonly<Record<string, true>>): readonly string[] | undefined {
  const selected = Object.keys(ids).slice(0, mostSelected);
  return selected.length > 0 ? selected : undefined;
}

/** Who is at the whiteboard beside this page, and what they do. */
export class Others {
  private people = new Map<string, PersonHere>();
  private presenting = '';

  get all(): ReadonlyMap<string, PersonHere> {
    return this.people;
  }

  /** The page of the presenter, or empty; it may be this one, which is not among the others. */
  get presenter(): string {
    return this.presenting;
  }

  /** Takes what the server tells; the pages that have come, moved and gone. */
  take(news: HereNews): { moved: readonly PersonHere[]; gone: readonly string[]; came: boolean } {
    const people = new Map(this.people);
    let came = false;
    for (const person of news.people) {
      came ||= !people.has(person.page);
      people.set(person.page, person);
    }
    for (const page of news.gone) people.delete(page);
    this.people = people;
    this.presenting = news.presenter;
    return { moved: news.people, gone: news.gone, came };
  }

  clear(): readonly string[] {
    const pages = [...this.people.keys()];
    this.people = new Map();
    this.presenting = '';
    return pages;
  }
}

/** What somebody is drawing, made fit for the scene. */
export function draftElements(person: PersonHere): Element[] {
  return (person.drafts ?? []).flatMap((data) => {
    const element = shaped(data);
    return element ? [element] : [];
  });
}

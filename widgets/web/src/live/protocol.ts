/**
 * The live protocol, version 1: what travels over the socket between this page and the server.
 * Incoming messages reach the rest of the page only through `validate.ts`.
 */

/** The WebSocket subprotocol. */
export const SUBPROTOCOL = 'werkraum.v1';

/** The languages that every text exists in. */
export type Lang = 'de' | 'en';

/** A value of a field: Matrix event content knows neither floats nor, here, nesting. */
export type FieldValue = string | number | boolean;

/** The fields of an item; a field that is absent was never set or was removed. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** New values for some fields; null removes a field. */
export type FieldChanges = Readonly<Record<string, FieldValue | null>>;

/** One thing of a surface: a card, a column. */
export interface Item {
  readonly id: string;
  readonly kind: string;
  readonly fields: Fields;
}

/** One item's part of a change. */
export interface Op {
  readonly item: string;
  readonly kind: string;
  readonly set: FieldChanges;
}

/** Someone who has joined the room. */
export interface Member {
  readonly user_id: string;
  readonly name: string;
}

/** What the person may do in the room. */
export interface Rights {
  readonly edit: boolean;
  readonly comment: boolean;
  readonly configure: boolean;
  /** They may lock, and alter what is locked. */
  readonly moderate?: boolean;
}

/** Why something was refused; `message` is a sentence in the person's language. */
export interface Refusal {
  readonly kind: string;
  readonly message: string;
}

/** A reply in a card's thread; `at` is in milliseconds since 1970. */
export interface Comment {
  readonly event_id: string;
  readonly by: string;
  readonly name: string;
  readonly body: string;
  readonly at: number;
  /** The bot has posted it for them. */
  readonly posted: boolean;
}

/** What one change did to a card; `at` is in milliseconds since 1970. */
export interface PastChange {
  /** Its place in the room's log. */
  readonly seq: number;
  readonly change: string;
  readonly by: string;
  readonly name: string;
  readonly via: string;
  readonly at: number;
  /** It made the card. */
  readonly fresh: boolean;
  /** It took another change back. */
  readonly undoes: boolean;
  /** The person may take it back, and that would alter the card. */
  readonly undo: boolean;
  /** How many items it altered in all. */
  readonly items: number;
  readonly set: FieldChanges;
  /** The same fields with what they held before. */
  readonly before: FieldChanges;
}

/** A part of a card's history, the newest first; `before` is where it was asked from. */
export interface PastPage {
  readonly t: 'history';
  readonly card: string;
  readonly before: number | null;
  readonly entries: readonly PastChange[];
  readonly more: boolean;
}

/** Why the server ended the connection. After the first three the client stays away. */
export type ByeReason = 'removed' | 'expired' | 'moved' | 'slow' | 'restart';

export interface Welcome {
  readonly t: 'welcome';
  readonly seq: number;
  readonly epoch: string;
  readonly resumed: boolean;
  readonly total: number;
  readonly room: {
    readonly id: string;
    readonly name: string;
    readonly lang: Lang;
    /** The room is the person's direct chat with the bot: its cards are their to-dos. */
    readonly own: boolean;
  };
  readonly me: { readonly user_id: string; readonly name: string; readonly can: Rights };
  /** What the others at a whiteboard hear this page called. */
  readonly page: string;
  readonly members: readonly Member[];
  readonly viewers: readonly string[];
}

export interface ItemsPage {
  readonly t: 'items';
  readonly items: readonly Item[];
  readonly more: boolean;
}

export interface Commit {
  readonly t: 'commit';
  readonly seq: number;
  readonly id: string;
  readonly by: string;
  readonly via: string;
  readonly ops: readonly Op[];
}

/** A card of another room that is the person's own, or nobody's and due soon. */
export interface OwnCard {
  readonly id: string;
  readonly room: string;
  readonly number: string;
  readonly title: string;
  /** The title of its column. */
  readonly column: string;
  /** YYYY-MM-DD, or empty. */
  readonly due: string;
  /** Event id of the card's message in the room, or empty. */
  readonly message: string;
}

/** What is the person's own in other rooms; told in their direct chat only. */
export interface OwnWork {
  readonly rooms: readonly { readonly id: string; readonly name: string; readonly own: boolean }[];
  /** What is due first comes first, then what has no day. */
  readonly cards: readonly OwnCard[];
  readonly soon: readonly OwnCard[];
  /** There is more than is told. */
  readonly more: boolean;
}

/** The elements and pictures of the whiteboard that the page has opened, or a part of them. */
export interface ElementsPage {
  readonly t: 'elements';
  readonly whiteboard: string;
  readonly items: readonly Item[];
  readonly more: boolean;
}

/** What somebody sees of a whiteboard, in its own coordinates. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a page tells the others about its person while they are at a whiteboard; nothing is kept. */
export interface Presence {
  /** Where the pointer is. */
  readonly x?: number;
  readonly y?: number;
  readonly tool?: 'pointer' | 'laser';
  readonly down?: boolean;
  readonly selected?: readonly string[];
  readonly view?: Viewport;
  /** Elements that are being drawn. */
  readonly drafts?: readonly Readonly<Record<string, unknown>>[];
  readonly presenting?: boolean;
  /** The frame that the presenter shows. */
  readonly frame?: string;
}

/** Somebody who is at the whiteboard, on one of their pages. */
export interface PersonHere extends Presence {
  readonly page: string;
  readonly user_id: string;
}

/** Who has moved at a whiteboard, and which pages have left it. */
export interface HereNews {
  readonly t: 'here';
  readonly whiteboard: string;
  readonly people: readonly PersonHere[];
  readonly gone: readonly string[];
  /** The page of the presenter, or empty. */
  readonly presenter: string;
}

/** Everything the server may say. */
export type ServerMessage =
  | Welcome
  | ItemsPage
  | Commit
  | { readonly t: 'ack'; readonly id: string; readonly seq: number }
  | { readonly t: 'no'; readonly id: string; readonly error: Refusal }
  | ElementsPage
  | HereNews
  | { readonly t: 'viewers'; readonly viewers: readonly string[] }
  | {
      readonly t: 'member';
      readonly user_id: string;
      readonly name: string;
      readonly joined: boolean;
    }
  | { readonly t: 'you'; readonly can: Rights }
  | ({ readonly t: 'mine' } & OwnWork)
  | { readonly t: 'count'; readonly card: string; readonly comments: number }
  | { readonly t: 'comments'; readonly card: string; readonly comments: readonly Comment[] }
  | {
      readonly t: 'comment';
      readonly card: string;
      /** New or altered; null if one has gone. */
      readonly comment: Comment | null;
      /** The event of the one that has gone, or empty. */
      readonly gone: string;
    }
  | PastPage
  | {
      readonly t: 'bye';
      readonly reason: ByeReason;
      readonly message: string;
      readonly room: string | null;
    }
  | { readonly t: 'pong' };

/** Everything the page may say. */
export type ClientMessage =
  | {
      readonly t: 'hello';
      readonly session: string;
      readonly lang: Lang;
      readonly since?: number;
      readonly epoch?: string;
      /** The whiteboard that is open, if its elements are here. */
      readonly whiteboard?: string;
    }
  | { readonly t: 'do'; readonly id: string; readonly act: string; readonly args: object }
  | { readonly t: 'open'; readonly whiteboard: string }
  | { readonly t: 'here'; readonly here: Presence }
  | { readonly t: 'comments'; readonly card: string }
  | { readonly t: 'history'; readonly card: string; readonly before?: number }
  | { readonly t: 'ping' };

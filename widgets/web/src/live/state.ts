import type { ConnectionOptions } from './connection';
import type { Past } from './past';
import type {
  ByeReason,
  Comment,
  Lang,
  Member,
  Op,
  OwnWork,
  Refusal,
  Rights,
  Welcome,
} from './protocol';

/** How the page stands to the server. */
export type Phase = 'connecting' | 'live' | 'reconnecting' | 'ended';

/** Everything about the room but its items. A new object after every change. */
export interface RoomState {
  readonly phase: Phase;
  /** Set when the server sent us away. */
  readonly ended: { reason: ByeReason; message: string; room: string | null } | null;
  /** How much of the items is here: nothing yet, the top of every column, all. */
  readonly loaded: 'nothing' | 'part' | 'all';
  /** How many items there are on the server in all, as it said at the start. */
  readonly total: number;
  readonly room: Welcome['room'] | null;
  readonly me: { readonly user_id: string; readonly name: string; readonly can: Rights } | null;
  /** What the others at a whiteboard hear this page called; another after each interruption. */
  readonly page: string;
  /** Who has joined the room, by user id. */
  readonly members: ReadonlyMap<string, Member>;
  /** Who else has it open, by user id; the person is among them. */
  readonly viewers: readonly string[];
  /** Own changes that the server has not acknowledged. */
  readonly unsaved: number;
  /** Number of comments by card. */
  readonly counts: ReadonlyMap<string, number>;
  /** Comments of the cards that were asked for. */
  readonly comments: ReadonlyMap<string, readonly Comment[]>;
  /** What is the person's own in other rooms; null until the server tells, in a direct chat. */
  readonly mine: OwnWork | null;
  /** The whiteboard that is open, and whether all that is on it is here. */
  readonly whiteboard: { readonly id: string; readonly loaded: boolean } | null;
  /** What the person has said and the room has not heard yet, in order. */
  readonly saying: readonly Said[];
  /** Histories of the cards that were asked for, as far back as was asked. */
  readonly pasts: ReadonlyMap<string, Past>;
}

/** What the person said: about a card, or instead of what a comment said. */
export interface Said {
  readonly id: string;
  readonly text: string;
  readonly card?: string;
  readonly comment?: string;
}

/** What is known before anything has come. */
export const atFirst: RoomState = {
  phase: 'connecting',
  ended: null,
  loaded: 'nothing',
  total: 0,
  room: null,
  me: null,
  page: '',
  members: new Map(),
  viewers: [],
  unsaved: 0,
  counts: new Map(),
  comments: new Map(),
  mine: null,
  whiteboard: null,
  saying: [],
  pasts: new Map(),
};

/** A message that concerns the person, not the state. */
export type Notice =
  | {
      readonly kind: 'refused';
      readonly act: string;
      /** What was asked for, with the texts that the person typed. */
      readonly args: object;
      readonly error: Refusal;
    }
  | { readonly kind: 'change'; readonly by: string; readonly ops: readonly Op[] };

/** What the server asks for when more of the room is wanted by HTTP. */
export interface Access {
  readonly room: string;
  readonly session: string;
}

export interface ClientOptions {
  readonly url: string;
  readonly lang: Lang;
  readonly open?: ConnectionOptions['open'];
  readonly random?: ConnectionOptions['random'];
}

import type { FieldValue, Lang, Member, PastChange } from '../live/protocol';
import { showDay } from '../text/dates';
import type { Texts } from '../text/text';
import { nameOf } from './BoardContext';

/** What the words for changes are made with. */
export interface Telling {
  readonly t: Texts;
  readonly lang: Lang;
  readonly members: ReadonlyMap<string, Member>;
  /** The title of an item, whatever has become of it, or empty. */
  readonly titleOf: (item: string) => string;
  /** A field of the card as it is now. */
  readonly now: (field: string) => FieldValue | undefined;
}

function text(value: FieldValue | null | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** What a change did to its card: a short sentence each. */
export function tellChange(past: PastChange, telling: Telling): string[] {
  const { t } = telling;
  if (past.fresh) return [t.pastAdded];
  const told = Object.keys(past.set)
    .sort()
    .map((field) => tellField(field, past, telling));
  return [...new Set(told)];
}

/** By what means a change was made. */
export function tellMeans(past: PastChange, t: Texts): string {
  if (past.undoes) return t.pastUndone;
  switch (past.via) {
    case 'command':
      return t.pastByCommand;
    case 'reaction':
      return t.pastByReaction;
    case 'bot':
      return t.pastByBot;
    case 'api':
      return t.pastByApi;
    default:
      return t.pastByPage;
  }
}

function tellField(field: string, past: PastChange, telling: Telling): string {
  const { t, lang, members, titleOf } = telling;
  const [name = '', ...rest] = field.split('/');
  const member = rest.join('/');
  const after = past.set[field] ?? null;
  const [was, is] = [text(past.before[field]), text(after)];
  const on = after !== null;
  switch (name) {
    case 'deleted':
      return on ? t.pastDeleted : t.pastRestored;
    case 'archived':
      return on ? t.pastArchived : t.pastUnarchived;
    case 'column':
      return t.pastMoved(titleOf(was) || '?', titleOf(is) || '?');
    case 'title':
      return t.pastRenamed(was, is);
    case 'description':
      return on ? t.pastDescribed : t.pastUndescribed;
    case 'due':
      return on ? t.pastDue(showDay(is, lang)) : t.pastNotDue(showDay(was, lang));
    case 'start':
      return on ? t.pastStart(showDay(is, lang)) : t.pastNoStart(showDay(was, lang));
    case 'priority':
      return tellPriority(is, t);
    case 'assignee':
      return on
        ? t.pastAssigned(nameOf(member, members, t))
        : t.pastUnassigned(nameOf(member, members, t));
    case 'label':
      return on ? t.pastLabelled(member) : t.pastUnlabelled(member);
    case 'blocks':
    case 'relates':
    case 'parent': {
      const other = titleOf(name === 'parent' ? is || was : member) || t.cardUntitled;
      return on ? t.pastRelated(other) : t.pastUnrelated(other);
    }
    case 'link':
      return on ? t.pastLinked : t.pastUnlinked;
    case 'check':
      return tellCheck(rest, past, telling);
    default:
      return t.pastOther;
  }
}

function tellPriority(priority: string, t: Texts): string {
  switch (priority) {
    case 'urgent':
      return t.pastUrgent;
    case 'high':
      return t.pastHigh;
    case 'low':
      return t.pastLow;
    default:
      return t.pastNormal;
  }
}

function tellCheck([entry = '', part]: string[], past: PastChange, telling: Telling): string {
  const { t } = telling;
  const title = `check/${entry}/title`;
  if (part === 'done') {
    const what = text(past.set[title] ?? telling.now(title) ?? past.before[title]);
    return past.set[`check/${entry}/done`] === true ? t.pastTicked(what) : t.pastUnticked(what);
  }
  const [was, is] = [text(past.before[title]), text(past.set[title])];
  if (!was) return t.pastCheckAdded(is);
  return is ? t.pastCheckRenamed(was, is) : t.pastCheckRemoved(was);
}

/** Longest comment, in bytes of UTF-8, as the server takes it. */
export const commentLimit = 10 * 1024;

/** Somebody whom a comment can name. */
export interface Nameable {
  readonly user_id: string;
  readonly name: string;
}

/** The beginning of a name that is being typed after an @, and where the @ stands. */
export interface Naming {
  readonly at: number;
  readonly typed: string;
}

/** Finds the name that is being typed in front of the caret. */
export function namingIn(text: string, caret: number): Naming | null {
  const found = /(?:^|[\s(])@((?:[^\s@,;:!?]{1,30} ?){0,3})$/u.exec(
    text.slice(Math.max(0, caret - 100), caret),
  );
  if (!found) return null;
  const typed = found[1] ?? '';
  return { at: caret - typed.length - 1, typed };
}

/** The people whose name or one of its words begins like what is typed. */
export function peopleLike<P extends Nameable>(
  people: readonly P[],
  typed: string,
  most: number,
): P[] {
  const wanted = typed.toLocaleLowerCase();
  const found: P[] = [];
  for (const person of people) {
    const name = person.name.toLocaleLowerCase();
    const local = person.user_id.slice(1).toLocaleLowerCase();
    const begins = [name, ...name.split(/\s+/), local].some((part) => part.startsWith(wanted));
    if (begins) found.push(person);
    if (found.length === most) break;
  }
  return found;
}

/** Those of the people chosen who are still named in the text. */
export function namedIn<P extends Nameable>(text: string, chosen: readonly P[]): P[] {
  return chosen.filter(({ name }) => text.includes(`@${name}`));
}

/** All of the people who are named in a text of which nobody knows who was chosen. */
export function allNamedIn<P extends Nameable>(text: string, people: readonly P[]): P[] {
  let rest = text;
  return [...people]
    .sort((a, b) => b.name.length - a.name.length)
    .filter(({ name }) => {
      const parts = rest.split(`@${name}`);
      rest = parts.join('\n');
      return parts.length > 1;
    });
}

function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** A message as it is shown, with the people whom it names. */
function contentOf(text: string, named: readonly Nameable[]): Record<string, unknown> {
  let html = escaped(text);
  for (const { user_id, name } of [...named].sort((a, b) => b.name.length - a.name.length)) {
    const pill = `<a href="https://matrix.to/#/${escaped(encodeURI(user_id))}">${escaped(name)}</a>`;
    html = html.split(escaped(`@${name}`)).join(pill);
  }
  return {
    msgtype: 'm.text',
    body: text,
    ...(named.length > 0 && {
      format: 'org.matrix.custom.html',
      formatted_body: html.replace(/\n/g, '<br>'),
    }),
    'm.mentions': mentionsOf(named),
  };
}

function mentionsOf(named: readonly Nameable[]): object {
  return named.length > 0 ? { user_ids: named.map(({ user_id }) => user_id) } : {};
}

/** The message of the room with which a person says something in the thread of a card's message. */
export function messageOf(
  text: string,
  named: readonly Nameable[],
  thread: string,
): Record<string, unknown> {
  return {
    ...contentOf(text, named),
    'm.relates_to': {
      rel_type: 'm.thread',
      event_id: thread,
      is_falling_back: true,
      'm.in_reply_to': { event_id: thread },
    },
  };
}

/** The message with which a person edits what they have said; who was named before is told once. */
export function editOf(
  text: string,
  named: readonly Nameable[],
  said: { readonly event_id: string; readonly body: string },
): Record<string, unknown> {
  const before = namedIn(said.body, named);
  return {
    ...contentOf(`* ${text}`, named),
    'm.mentions': mentionsOf(named.filter((person) => !before.includes(person))),
    'm.new_content': contentOf(text, named),
    'm.relates_to': { rel_type: 'm.replace', event_id: said.event_id },
  };
}

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { withComment } from './comments';
import type { Comment } from './protocol';

function comment(event: string, at: number, body = event): Comment {
  return { event_id: event, by: '@a:x', name: 'A', body, at, posted: false };
}

function events(list: readonly Comment[]): string[] {
  return list.map(({ event_id }) => event_id);
}

describe('withComment', () => {
  const known = [comment('$a', 1), comment('$b', 3)];

  it('puts a new one where its time says', () => {
    expect(events(withComment(known, comment('$c', 4), ''))).toEqual(['$a', '$b', '$c']);
    expect(events(withComment(known, comment('$c', 2), ''))).toEqual(['$a', '$c', '$b']);
    expect(events(withComment(known, comment('$aa', 3), ''))).toEqual(['$a', '$aa', '$b']);
  });

  it('alters one in its place, however often it is told', () => {
    const altered = withComment(known, comment('$a', 1, 'anders'), '');
    expect(altered.map(({ body }) => body)).toEqual(['anders', '$b']);
    expect(withComment(altered, comment('$a', 1, 'anders'), '')).toEqual(altered);
  });

  it('takes one out that has gone', () => {
    expect(events(withComment(known, null, '$a'))).toEqual(['$b']);
    expect(events(withComment(known, null, '$x'))).toEqual(['$a', '$b']);
  });

  it('keeps the last 200', () => {
    const many = Array.from({ length: 200 }, (_, i) => comment(`$${String(i)}`, i));
    const more = withComment(many, comment('$new', 300), '');
    expect(more).toHaveLength(200);
    expect(more[0]?.event_id).toBe('$1');
  });
});

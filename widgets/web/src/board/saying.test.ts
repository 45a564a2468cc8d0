// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { allNamedIn, editOf, messageOf, namedIn, namingIn, peopleLike } from './saying';

const anna = { user_id: '@anna:amt.example', name: 'Anna Schmidt' };
const annas = { user_id: '@annas:amt.example', name: 'Anna Schmidt-Groß' };
const evil = { user_id: '@x:y', name: '<img src=x onerror="alert(1)">' };

describe('namingIn', () => {
  it.each([
    ['Hallo @An', 'An', 6],
    ['@', '', 0],
    ['(@Anna Sch', 'Anna Sch', 1],
    ['Zeile\n@a', 'a', 6],
  ])('finds what is typed in %j', (text, typed, at) => {
    expect(namingIn(text, text.length)).toEqual({ at, typed });
  });

  it.each(['', 'anna@amt', 'ohne', 'Hallo @Anna, wie', '@a b c d e'])(
    'finds none in %j',
    (text) => {
      expect(namingIn(text, text.length)).toBeNull();
    },
  );

  it('looks only in front of the caret', () => {
    expect(namingIn('@An und mehr', 3)).toEqual({ at: 0, typed: 'An' });
  });
});

describe('naming people', () => {
  it('finds them by name, by a word of it and by their id', () => {
    expect(peopleLike([anna, annas], 'schm', 9)).toEqual([anna, annas]);
    expect(peopleLike([anna, annas], 'annas', 9)).toEqual([annas]);
    expect(peopleLike([anna, annas], '', 1)).toEqual([anna]);
    expect(peopleLike([anna], 'mia', 9)).toEqual([]);
  });

  it('forgets who was chosen and is in the text no more', () => {
    expect(namedIn('Bitte @Anna Schmidt', [anna, evil])).toEqual([anna]);
  });

  it('finds all who are named, and nobody by the beginning of another name', () => {
    expect(allNamedIn('Bitte @Anna Schmidt-Groß', [anna, annas, evil])).toEqual([annas]);
    expect(allNamedIn('@Anna Schmidt-Groß, @Anna Schmidt', [anna, annas])).toEqual([annas, anna]);
  });
});

describe('messageOf', () => {
  it('is a plain message in the thread that mentions nobody', () => {
    const message = messageOf('Hallo <b>@room', [], '$root');
    expect(message).toMatchObject({ msgtype: 'm.text', body: 'Hallo <b>@room', 'm.mentions': {} });
    expect(message).not.toHaveProperty('formatted_body');
    expect(message['m.relates_to']).toMatchObject({ rel_type: 'm.thread', event_id: '$root' });
  });

  it('mentions those who were chosen, and no text becomes markup', () => {
    const text = 'An @Anna Schmidt & @Anna Schmidt-Groß:\n<script>';
    const message = messageOf(text, [anna, annas], '$root');
    expect(message['m.mentions']).toEqual({ user_ids: [anna.user_id, annas.user_id] });
    expect(message.formatted_body).toBe(
      'An <a href="https://matrix.to/#/@anna:amt.example">Anna Schmidt</a> &amp; ' +
        '<a href="https://matrix.to/#/@annas:amt.example">Anna Schmidt-Groß</a>:<br>&lt;script&gt;',
    );
    const hostile = messageOf(`Hallo @${evil.name}`, [evil], '$root');
    expect(hostile.formatted_body).not.toContain('<img');
  });
});

describe('editOf', () => {
  it('replaces what was said, and tells who was named before only once', () => {
    const said = { event_id: '$said', body: 'An @Anna Schmidt' };
    const edit = editOf('An @Anna Schmidt und @Anna Schmidt-Groß', [anna, annas], said);
    expect(edit['m.relates_to']).toEqual({ rel_type: 'm.replace', event_id: '$said' });
    expect(edit.body).toBe('* An @Anna Schmidt und @Anna Schmidt-Groß');
    expect(edit['m.new_content']).toMatchObject({
      msgtype: 'm.text',
      body: 'An @Anna Schmidt und @Anna Schmidt-Groß',
      'm.mentions': { user_ids: [anna.user_id, annas.user_id] },
    });
    expect(edit['m.mentions']).toEqual({ user_ids: [annas.user_id] });
  });
});

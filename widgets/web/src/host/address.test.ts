// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { langNamed, liveAddress, messageLink, readAddress, themeNamed } from './address';

const host = 'https://w.example/';

describe('readAddress', () => {
  it('knows what a link is to download, if it is a file that there is', () => {
    const entry = (format: string): unknown =>
      readAddress(`${host}#/link?token=abc&export=${format}`).entry;
    expect(entry('csv')).toEqual({ kind: 'link', token: 'abc', download: 'csv' });
    expect(entry('exe')).toEqual({ kind: 'link', token: 'abc', download: null });
  });

  it('reads what Element adds and what our own address holds', () => {
    const address = readAddress(
      `${host}?widgetId=werkraum&parentUrl=https%3A%2F%2Fapp.element.io%2F%3Fx#/?room=%21r%3Aa.example&theme=dark&lang=de`,
    );
    expect(address).toEqual({
      entry: {
        kind: 'widget',
        widgetID: 'werkraum',
        hostOrigin: 'https://app.element.io',
        room: '!r:a.example',
      },
      whiteboard: null,
      lang: 'de',
      theme: 'dark',
    });
  });

  it('knows the whiteboard that it is to open, if it has the form of one', () => {
    const whiteboard = (id: string): unknown =>
      readAddress(`${host}#/?room=!r:a&whiteboard=${id}`).whiteboard;
    expect(whiteboard('abcdefghij0123456789')).toBe('abcdefghij0123456789');
    expect(whiteboard('Abc')).toBeNull();
  });

  it('takes a room of version 12, whose id names no server', () => {
    const { entry } = readAddress(`${host}?widgetId=w&parentUrl=${host}#/?room=!31hneApxJ_1o`);
    expect(entry.kind).toBe('widget');
  });

  it.each([
    ['vector://vector/webapp/', 'vector://vector'],
    ['element://vector/webapp/', 'element://vector'],
    ['https://chat.example:8443/?a#/room', 'https://chat.example:8443'],
    ['https://chat.example:443/', 'https://chat.example'],
    ['https://somebody:secret@chat.example/', 'https://chat.example'],
  ])('knows that the host at %j speaks as %j', (parent, hostOrigin) => {
    const query = new URLSearchParams({ widgetId: 'w', parentUrl: parent }).toString();
    expect(readAddress(`${host}?${query}#/?room=!r:a`).entry).toMatchObject({
      kind: 'widget',
      hostOrigin,
    });
  });

  it('reads a private link', () => {
    expect(readAddress(`${host}#/link?token=abc&lang=en`)).toMatchObject({
      entry: { kind: 'link', token: 'abc', download: null },
      lang: 'en',
    });
  });

  it.each([
    ['', null],
    ['#/', null],
    ['#/link', null],
    ['#/?room=$matrix_room_id&theme=$org.matrix.msc2873.client_theme', null],
    ['?widgetId=w#/?room=!r:a', '!r:a'],
    ['?widgetId=w&parentUrl=javascript:alert(1)#/?room=!r:a', '!r:a'],
    ['?widgetId=w&parentUrl=nonsense#/?room=!r:a', '!r:a'],
    ['?widgetId=w&parentUrl=vector:webapp#/?room=!r:a', '!r:a'],
    ['?widgetId=w&parentUrl=file:///webapp/#/?room=!r:a', '!r:a'],
    ['?widgetId=w&parentUrl=other://vector/#/?room=!r:a', '!r:a'],
  ])('falls back to asking for a Matrix ID at %j', (rest, room) => {
    expect(readAddress(host + rest).entry).toEqual({ kind: 'bare', room });
  });
});

describe('names that hosts give', () => {
  it.each([
    ['light', 'light'],
    ['dark', 'dark'],
    ['light-high-contrast', 'light'],
    ['custom-Amt dunkel', null],
    [null, null],
  ])('theme %j is %j', (name, theme) => {
    expect(themeNamed(name)).toBe(theme);
  });

  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['en_US', 'en'],
    ['fr', 'en'],
    ['$org.matrix', null],
    [null, null],
  ])('language %j is %j', (tag, lang) => {
    expect(langNamed(tag)).toBe(lang);
  });
});

describe('links', () => {
  it('lead to the socket with the security of the page', () => {
    expect(liveAddress('https://w.example/?x#/y')).toBe('wss://w.example/api/v1/live');
    expect(liveAddress('http://127.0.0.1:8080/')).toBe('ws://127.0.0.1:8080/api/v1/live');
  });

  it('cannot be led elsewhere by odd ids', () => {
    expect(messageLink('!r:a/../x', '$e?via=evil')).toBe(
      'https://matrix.to/#/!r%3Aa%2F..%2Fx/%24e%3Fvia%3Devil',
    );
  });
});

// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { descriptionLimit } from './limits';
import { readMarkdown, type MarkdownNode } from './readMarkdown';

/** A tree written down shortly: element(what is in it), a link as a[address](…). */
function written(text: string): string {
  const write = (node: MarkdownNode): string => {
    if (typeof node === 'string') return node;
    const { tag, href, task, children } = node;
    const box = task === undefined ? '' : task ? '☑' : '☐';
    return `${tag}${href ? `[${href}]` : ''}(${box}${children.map(write).join('')})`;
  };
  return (readMarkdown(text) ?? ['as typed']).map(write).join(' ');
}

describe('a description in Markdown', () => {
  it.each([
    ['Ein *kursives* und **fettes** `Wort`', 'p(Ein em(kursives) und strong(fettes) code(Wort))'],
    ['eine Zeile\nnoch eine', 'p(eine Zeilebr()noch eine)'],
    ['# Titel\n###### klein\n# b', 'h4(Titel) h5(klein) h4(b)'],
    ['### a\n## b', 'h4(a) h5(b)'],
    ['- a\n- b\n  1. c', 'ul(li(a)li(bol(li(c))))'],
    ['- [ ] offen\n- [x] **fertig**', 'ul(li(☐offen)li(☑strong(fertig)))'],
    ['> Zitat', 'blockquote(p(Zitat))'],
    ['```js\na < b\n```', 'pre(a < b)'],
    ['a\n\n---\n\n~~b~~', 'p(a) hr() p(del(b))'],
    ['[Amt](https://amt.example/x?y=1#z)', 'p(a[https://amt.example/x?y=1#z](Amt))'],
    ['siehe https://amt.example.', 'p(siehe a[https://amt.example/](https://amt.example).)'],
    ['[Raum](https://matrix.to/#/!a:b)', 'p(a[https://matrix.to/#/!a:b](Raum))'],
    ['an post@amt.example', 'p(an a[mailto:post@amt.example](post@amt.example))'],
    ['Protokoll.md von amt.de', 'p(Protokoll.md von amt.de)'],
    ['M&ouml;bel &amp; &lt;b&gt;', 'p(Möbel & <b>)'],
  ])('%j', (text, tree) => {
    expect(written(text)).toBe(tree);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    '&#106;avascript:alert(1)',
    'javascript&colon;alert(1)',
    'vbscript:x',
    'data:text/html,<script>alert(1)</script>',
    'data:image/png;base64,AAAA',
    'blob:x',
    'file:///etc/passwd',
    'ftp://a/b',
    '//evil.example',
    '/api/v1/session',
    '\u0001javascript:alert(1)',
  ])('does not lead to %j', (address) => {
    for (const text of [
      `[x](${address})`,
      `[x](<${address}>)`,
      `<${address}>`,
      address,
      `[x][1]\n\n[1]: ${address}`,
    ]) {
      expect(written(text), text).not.toContain('a[');
    }
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '<a href="javascript:alert(1)">x</a>',
    '<!-- weg -->',
    '<svg/onload=alert(1)>',
  ])('shows %s as text', (html) => {
    expect(written(html)).toBe(`p(${html})`);
    expect(written(`Text ${html}`)).toBe(`p(Text ${html})`);
    expect(written(`- ${html}`)).toBe(`ul(li(${html}))`);
  });

  it('fetches no picture', () => {
    expect(written('![Logo](https://a.example/b.png)')).toBe(
      'p(!a[https://a.example/b.png](Logo))',
    );
  });

  it.each(['> ', '>', '- ', '1. ', '>- ', '* > '])(
    'nested for ever by %j stays as typed',
    (mark) => {
      expect(readMarkdown(mark.repeat(descriptionLimit / mark.length - 1) + 'x')).toBeNull();
    },
  );

  it.each([
    '[',
    '![',
    '*a ',
    '_a*',
    'a**b',
    '`',
    '<',
    '&',
    '[a](',
    '~~',
    '[a]: b\n',
    '\\',
    '> a\n',
    '](x)',
  ])('is read in a moment however often it has %j', (part) => {
    const text = part.repeat(Math.floor(descriptionLimit / part.length));
    const began = process.cpuUsage();
    readMarkdown(text);
    // Each takes well below a second of the processor, whatever else the machine has to do.
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  });

  it('is not read at all if it is longer than a description can be', () => {
    expect(readMarkdown('*a* '.repeat(descriptionLimit))).toBeNull();
  });
});

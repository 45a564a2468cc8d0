import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Linked } from './Linked';

function linksIn(text: string): string[] {
  const { container, unmount } = render(<Linked text={text} />);
  const links = [...container.querySelectorAll('a')].map((a) => a.getAttribute('href') ?? '');
  expect(container.textContent).toBe(text);
  expect(container.querySelectorAll('*')).toHaveLength(links.length);
  unmount();
  return links;
}

describe('Linked', () => {
  it.each([
    ['Siehe https://example.org/a?b=c#d.', ['https://example.org/a?b=c#d']],
    [
      '(https://example.org/x) und HTTP://EXAMPLE.ORG!',
      ['https://example.org/x', 'http://example.org/'],
    ],
    ['https://de.example.org/wiki/Plan_(Bau)', ['https://de.example.org/wiki/Plan_(Bau)']],
    ['„https://example.org“', ['https://example.org/']],
    ['kein Link, nichts', []],
    ['', []],
  ])('finds the addresses in %j', (text, links) => {
    expect(linksIn(text)).toEqual(links);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'file:///etc/passwd vbscript:x ftp://example.org',
    'https:// http://. https://[',
    '[Klick](javascript:alert(1))',
  ])('makes no link of %j', (text) => {
    expect(linksIn(text)).toEqual([]);
  });

  it('cannot be led out of an address', () => {
    expect(linksIn('https://example.org/"onmouseover="alert(1)')).toEqual(['https://example.org/']);
    expect(linksIn('https://javascript:alert(1)')).toEqual([]);
  });

  it('is quick with long hostile texts', () => {
    const began = process.cpuUsage(); // whatever else the machine has to do
    render(<Linked text={'https://'.repeat(20_000)} />);
    render(<Linked text={`https://x${'.'.repeat(50_000)}`} />);
    expect(process.cpuUsage(began).user).toBeLessThan(2_000_000);
  });
});

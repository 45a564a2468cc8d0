import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './story';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/** Holds what is shown against WCAG 2.0, 2.1 and 2.2, A and AA; also what is in frames. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Colours are measured once what fades in is there.
  for (const frame of page.frames()) {
    await frame.evaluate(() =>
      Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
    );
  }
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.html.slice(0, 200)}`),
  );
  expect(found, what).toEqual([]);
}

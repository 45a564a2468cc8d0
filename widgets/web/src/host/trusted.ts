/** The part of Trusted Types that is used here; not all browsers have it. */
interface TrustedTypes {
  createPolicy: (name: string, rules: { createHTML: (text: string) => string | null }) => unknown;
}

/**
 * The page's policy lets no text become markup (widgets/api/page.go). A library empties an element
 * by giving it the empty text; that, and nothing else, is let through.
 */
export function allowNoMarkup(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', { createHTML: (text) => (text === '' ? text : null) });
}

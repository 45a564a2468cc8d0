/**
 * Has all of the page here that it fetches when it is needed. On a busy machine fetching the
 * first dialog takes longer than a test waits for what it shows. The drawing program needs a
 * browser; what is drawn is tested there.
 */
import.meta.glob(
  ['../src/**/*.tsx', '!../src/main.tsx', '!../src/**/*.test.tsx', '!../src/whiteboard/**'],
  { eager: true },
);

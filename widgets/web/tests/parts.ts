/**
 * Has all of the page here that it fetches when it is needed. On a busy machine fetching the
 * first dialog takes longer than a test waits for what it shows.
 */
import.meta.glob(['../src/**/*.tsx', '!../src/main.tsx', '!../src/**/*.test.tsx'], { eager: true });

import { defineConfig } from '@playwright/test';

/** Debian's Chromium; Playwright's own browsers are not downloaded. */
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

// Each test is a story of people on two homeservers, in a room of its own; the world that they
// live in is started once by world/setup.ts.
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './world/setup.ts',
  fullyParallel: true,
  workers: 2,
  // A test that fails now and then is a defect of the page or of the test.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  // Two cores are shared with two homeservers, Werkraum and two browsers, and in CI with others: what
  // comes late still comes, and only what never does is a failure.
  timeout: 300_000,
  expect: { timeout: 45_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    locale: 'de-DE',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1100, height: 720 },
    actionTimeout: 45_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    trace: process.env.E2E_TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath: chromium,
      // As root there is no sandbox; the rest keeps Chromium from asking the internet for things.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});

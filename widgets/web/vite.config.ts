import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { standIn } from './dev/plugin.ts';
import { excalidraw } from './excalidraw/plugin.ts';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const dist = resolve(import.meta.dirname, 'dist');

/**
 * Empties dist before a build but leaves .keep: the Go program embeds the folder and must build
 * before, during and after a build of the page.
 */
function emptyDistButKeep(): Plugin {
  return {
    name: 'empty-dist-but-keep',
    apply: 'build',
    buildStart() {
      for (const name of readdirSync(dist)) {
        if (name !== '.keep') rmSync(resolve(dist, name), { recursive: true });
      }
    },
  };
}

export default defineConfig({
  plugins: [
    react(),
    { ...optimizeLocales.vite({ locales: ['de-DE', 'en-GB', 'en-US'] }), enforce: 'pre' },
    excalidraw(),
    emptyDistButKeep(),
    standIn(),
  ],
  build: {
    outDir: dist,
    emptyOutDir: false,
    // Nothing is inlined as data: the content security policy lets fonts come from 'self' alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['tests/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // Other tests may have the machine busy; only what never comes is a failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    benchmark: { include: ['bench/**/*.bench.ts'] },
  },
});

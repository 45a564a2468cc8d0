import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

const home = resolve(import.meta.dirname, '../node_modules/@excalidraw/excalidraw/dist/prod');

/** Where the page finds Excalidraw's fonts on our own server. */
const folder = 'assets/excalidraw';

/** Fonts that text on a whiteboard can have; the 13 MB of the Chinese one are left to the system. */
const families = [
  'Cascadia',
  'ComicShanns',
  'Excalifont',
  'Liberation',
  'Lilita',
  'Nunito',
  'Virgil',
] as const;

/** Parts of Excalidraw that we do not have, or have our own of; see the files. */
const instead: Readonly<Record<string, string>> = {
  '@excalidraw/mermaid-to-excalidraw': 'nothing.ts',
  'canvas-roundrect-polyfill': 'nothing.ts',
  fuzzy: 'nothing.ts',
  pica: 'nothing.ts',
  'image-blob-reduce': 'shrink.ts',
  './subset-shared.chunk.js': 'wholeFonts.ts',
  './subset-worker.chunk.js': 'nothing.ts',
  'werkraum-picture': '../src/whiteboard/readPicture.ts',
};

/**
 * What the page's content security policy does not allow or the server does not keep, and what is
 * done instead. Each must be found: a new version of Excalidraw that does it otherwise is to be looked at.
 */
const amends: readonly (readonly [file: RegExp, found: RegExp, put: string])[] = [
  // Nothing is asked of anybody else's server.
  [/chunk-\w+\.js$/, /`https:\/\/esm\.sh\/\$\{.{1,200}?\}\/dist\/prod\/`/, 'location.origin'],
  // There is no worker that cuts fonts.
  [/chunk-\w+\.js$/, /typeof Worker<"u"(?=,\w+=async)/, 'false'],
  // A style as text is what the policy forbids; the same by the style's own interface is not.
  [
    /chunk-\w+\.js$/,
    /(\w+)\.setAttribute\("style","white-space: pre;"\)/,
    '$1.style.setProperty("white-space","pre")',
  ],
  // Text of a page that is pasted is taken as text, not as markup to be looked through.
  [/chunk-\w+\.js$/, /\.clipboardData\?\.getData\(\w+\.html\)/, '.clipboardData?.getData("")'],
  // Whatever way a picture comes, it is made one that the server keeps; a drawing would be markup.
  [/prod\/index\.js$/, /^/, 'import{readPicture as asPicture}from"werkraum-picture";'],
  [
    /prod\/index\.js$/,
    /if\(!\w+\((\w+)\)\)throw new Error\(\w+\("errors\.unsupportedFileType"\)\);(?=let \w+=\1\.type;)/,
    '$1=await asPicture($1);',
  ],
  // Nor does a picture that holds a whole whiteboard take the place of the one that is open.
  [
    /prod\/index\.js$/,
    /if\((\w+)\?\.type===(\w+)\.png\|\|\1\?\.type===\2\.svg\)(?=try)/,
    'if(false)',
  ],
];

/**
 * Makes Excalidraw fit: its fonts come from our own server, and what it would load from elsewhere,
 * what needs WebAssembly or markup made of text, and languages that the page has no texts in stay
 * out of the build.
 */
export function excalidraw(): Plugin {
  const done = new Set<RegExp>();
  let builds = false;
  return {
    name: 'excalidraw',
    enforce: 'pre',
    config: () => ({ optimizeDeps: { exclude: ['@excalidraw/excalidraw'] } }),
    configResolved(config) {
      builds = config.command === 'build';
    },
    resolveId(name, importer) {
      if (!importer?.includes('@excalidraw/excalidraw/')) return null;
      if (/^\.\/locales\/(?!de-DE|en-|percentages)/.test(name)) {
        return resolve(import.meta.dirname, 'nothing.ts');
      }
      const file = instead[name];
      return file === undefined ? null : resolve(import.meta.dirname, file);
    },
    transform(code, id) {
      if (!id.startsWith(home)) return null;
      let amended = code;
      for (const [file, found, put] of amends) {
        if (!file.test(id) || !found.test(amended)) continue;
        amended = amended.replace(found, put);
        done.add(found);
      }
      return amended === code ? null : { code: amended, map: null };
    },
    buildEnd(error) {
      const missing = amends.find(([, found]) => !done.has(found));
      if (builds && !error && missing && !process.env.VITEST) {
        throw new Error(`Excalidraw has changed, this was not found: ${missing[1].source}`);
      }
    },
    generateBundle() {
      for (const family of families) {
        const from = resolve(home, 'fonts', family);
        for (const name of readdirSync(from)) {
          this.emitFile({
            type: 'asset',
            fileName: `${folder}/fonts/${family}/${name}`,
            source: readFileSync(resolve(from, name)),
          });
        }
      }
    },
    configureServer(server) {
      server.middlewares.use(`/${folder}`, (request, response, next) => {
        const path = resolve(home, `.${(request.url ?? '').split('?')[0] ?? ''}`);
        if (!path.startsWith(resolve(home, 'fonts')) || !path.endsWith('.woff2')) next();
        else response.end(readFileSync(path));
      });
    },
  };
}

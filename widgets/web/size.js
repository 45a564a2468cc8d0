// Prints what a browser fetches before it shows the board, in bytes of gzip, and fails above the
// budget. Run after a build.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

// Most of it are libraries, react-dom above all.
const budget = 184 * 1024;
const dist = join(import.meta.dirname, 'dist');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const zipped = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;

const first = [...page.matchAll(/\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
const host = readdirSync(join(dist, 'assets'))
  .filter((name) => /^widgetHost-.*\.js$/.test(name))
  .map((name) => `assets/${name}`);
const sum = (names) => names.reduce((bytes, name) => bytes + zipped(name), 0);

const sizes = {
  start_js_gzip_bytes: sum(first),
  start_js_in_widget_gzip_bytes: sum([...first, ...host]),
  all_js_gzip_bytes: sum(
    readdirSync(join(dist, 'assets'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `assets/${name}`),
  ),
  index_html_bytes: page.length,
  budget_bytes: budget,
};
console.log(JSON.stringify(sizes, null, 2));
if (sizes.start_js_in_widget_gzip_bytes > budget || page.length > 2048) process.exitCode = 1;

// Prints what a browser fetches before it shows the board, and when a whiteboard is opened first, in
// bytes of gzip, and fails above the budgets. Run after a build.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

// Most of it are libraries, react-dom above all.
const budget = 184 * 1024;
// Most of it is Excalidraw; it is fetched when a whiteboard is opened, and then kept.
const whiteboardBudget = 400 * 1024;
const dist = join(import.meta.dirname, 'dist');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const zipped = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;

const first = [...page.matchAll(/\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
const host = readdirSync(join(dist, 'assets'))
  .filter((name) => /^widgetHost-.*\.js$/.test(name))
  .map((name) => `assets/${name}`);
const whiteboard = readdirSync(join(dist, 'assets'))
  .filter((name) => /^WhiteboardRoom-.*\.js$/.test(name))
  .map((name) => `assets/${name}`);
const sum = (names) => names.reduce((bytes, name) => bytes + zipped(name), 0);

const sizes = {
  start_js_gzip_bytes: sum(first),
  start_js_in_widget_gzip_bytes: sum([...first, ...host]),
  whiteboard_js_gzip_bytes: sum(whiteboard),
  all_js_gzip_bytes: sum(
    readdirSync(join(dist, 'assets'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => `assets/${name}`),
  ),
  index_html_bytes: page.length,
  budget_bytes: budget,
  whiteboard_budget_bytes: whiteboardBudget,
};
console.log(JSON.stringify(sizes, null, 2));
const tooMuch =
  sizes.start_js_in_widget_gzip_bytes > budget ||
  sizes.whiteboard_js_gzip_bytes > whiteboardBudget ||
  page.length > 2048;
if (tooMuch) process.exitCode = 1;

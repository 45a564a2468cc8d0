// Package web embeds the built browser side of Werkraum: one page, its scripts, its styles and its
// fonts. `npm ci && npm run build` in this folder fills dist; before the first build dist holds
// nothing but .keep, so that Go builds on a fresh machine and the server can say what is missing.
package web

import "embed"

// Dist is the built page below the folder "dist": index.html (below 2 kB, never to be cached, with
// the literal __CSP_NONCE__ to be replaced by a nonce of the response) and assets/ (every name
// carries a hash of its content, so a browser may keep it for ever).
//
//go:embed all:dist
var Dist embed.FS

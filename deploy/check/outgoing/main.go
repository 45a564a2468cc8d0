// Command outgoing checks that there is one way out: nothing but bridges/outbound makes
// a client or opens a connection, except for what stands in exceptions with its reason.
// So whatever is asked for by strangers passes the guard there.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// waysOut are the names, by import path, with which a program reaches others.
var waysOut = map[string][]string{
	"net/http":                     {"Client", "DefaultClient", "Get", "Head", "Post", "PostForm", "Transport", "DefaultTransport"},
	"net/http/httputil":            {"ReverseProxy", "NewSingleHostReverseProxy", "NewClientConn"},
	"net":                          {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix", "Dialer"},
	"net/smtp":                     {"Dial", "NewClient", "SendMail"},
	"net/rpc":                      {"Dial", "DialHTTP", "DialHTTPPath"},
	"crypto/tls":                   {"Dial", "DialWithDialer", "Dialer", "Client"},
	"github.com/coder/websocket":   {"Dial"},
	"golang.org/x/net/websocket":   {"Dial", "DialConfig"},
	"maunium.net/go/mautrix":       {"NewClient"},
	"golang.org/x/net/proxy":       {"Dial", "SOCKS5", "FromEnvironment"},
	"golang.org/x/crypto/ssh":      {"Dial"},
	"google.golang.org/grpc":       {"Dial", "NewClient"},
	"github.com/gorilla/websocket": {"Dialer", "DefaultDialer"},
}

// guard is the package that all others go through.
const guard = "bridges/outbound"

// exceptions are the files that reach out by themselves, and why.
var exceptions = map[string]string{
	"appservice/homeserver.go": "the own homeserver, whose URL the operator has written",
	"appservice/media.go":      "the same, for files",
	"check_network.go":         "`werkraum check`, run by the operator, opens a socket at the operator's own public_url",
}

// notShipped are folders of which nothing is in the program.
var notShipped = []string{"deploy", "tests", guard + "/outboundtest"}

func main() {
	problems, err := check(os.DirFS("."))
	if err != nil {
		fmt.Fprintln(os.Stderr, "outgoing:", err)
		os.Exit(2)
	}
	for _, problem := range problems {
		fmt.Println(problem)
	}
	if len(problems) > 0 {
		fmt.Println("outgoing: requests go through bridges/outbound; the exceptions are in deploy/check/outgoing")
		os.Exit(1)
	}
}

func check(root fs.FS) (problems []string, err error) {
	unused := map[string]bool{}
	for file := range exceptions {
		unused[file] = true
	}
	err = fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			name := entry.Name()
			if name == "node_modules" || name != "." && strings.HasPrefix(name, ".") || slices.Contains(notShipped, file) || file == guard {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		found, err := waysOutOf(file, source)
		if err != nil {
			return err
		}
		if _, excepted := exceptions[file]; excepted {
			if len(found) > 0 {
				delete(unused, file)
			}
			return nil
		}
		problems = append(problems, found...)
		return nil
	})
	for file := range unused {
		problems = append(problems, file+": needs no exception any more")
	}
	slices.Sort(problems)
	return problems, err
}

// waysOutOf lists where a file names a way out.
func waysOutOf(file string, source []byte) (found []string, err error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	imported := map[string]string{} // the name in this file: the path
	for _, spec := range parsed.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if waysOut[importPath] == nil {
			continue
		}
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			found = append(found, fmt.Sprintf("%s: imports all of %s", files.Position(spec.Pos()), importPath))
		}
		imported[name] = importPath
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		// A pointer to a client that somebody else has made is no way out yet.
		if pointer, is := n.(*ast.StarExpr); is {
			to, named := pointer.X.(*ast.SelectorExpr)
			return !named || strings.HasPrefix(to.Sel.Name, "Default")
		}
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok && slices.Contains(waysOut[imported[of.Name]], selector.Sel.Name) {
			found = append(found, fmt.Sprintf("%s: %s.%s", files.Position(selector.Pos()), of.Name, selector.Sel.Name))
		}
		return true
	})
	return found, nil
}

package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// printer tells how far things are. On a terminal a step's line is written over until the
// step is done; elsewhere each step gets one line, when it is done.
type printer struct {
	w        io.Writer
	terminal bool
}

func newPrinter(file *os.File) *printer {
	info, err := file.Stat()
	return &printer{w: file, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// line prints a line.
func (p *printer) line(text string) { _, _ = fmt.Fprintln(p.w, text) }

// step begins a step; the returned function ends it.
func (p *printer) step(name string) (done func()) {
	started := time.Now()
	p.progress(name)
	return func() {
		p.clear()
		_, _ = fmt.Fprintf(p.w, "  ✓ %-24s %5.1f s\n", name, time.Since(started).Seconds())
	}
}

// progress says how far the current step is, where that line can be written over.
func (p *printer) progress(text string) {
	if p.terminal {
		p.clear()
		_, _ = fmt.Fprintf(p.w, "  … %s", text)
	}
}

func (p *printer) clear() {
	if p.terminal {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
	}
}

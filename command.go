package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"werkraum/config"
	"werkraum/workspace"
)

// command is one call of a subcommand with its flags.
type command struct {
	flags    *pflag.FlagSet
	language string // of the flag --lang; "" if it was not given
}

// newCommand makes the flags of a subcommand: those of all settings, --lang, and
// what it adds itself before calling parse.
func newCommand(name, summary string, out io.Writer) *command {
	c := &command{flags: pflag.NewFlagSet(name, pflag.ContinueOnError)}
	c.flags.SetOutput(out)
	c.flags.SortFlags = false
	c.flags.StringVar(&c.language, "lang", "", "language of what is printed: de or en (otherwise default_language)")
	c.flags.Usage = func() {
		_, _ = fmt.Fprintf(out, "werkraum %s: %s\n\nFlags:\n%s", name, summary, c.flags.FlagUsages())
	}
	return c
}

// errHelp is returned where --help was asked for and has been printed: all is well.
var errHelp = errors.New("help was printed")

// parse reads the arguments. Settings come after the command's own flags.
func (c *command) parse(args []string) error {
	_, err := c.parseWith(args, 0)
	return err
}

// parseWith is parse for a command that takes at most so many words that are no flags.
func (c *command) parseWith(args []string, words int) ([]string, error) {
	config.AddFlags(c.flags)
	err := c.flags.Parse(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return nil, errHelp
	case err != nil:
		return nil, err
	case c.flags.NArg() > words:
		return nil, fmt.Errorf("unexpected argument %q", c.flags.Arg(words))
	}
	if c.language != "" {
		if _, ok := workspace.ParseLanguage(c.language); !ok {
			return nil, fmt.Errorf("--lang=%s: the languages are de and en", c.language)
		}
	}
	return c.flags.Args(), nil
}

// speaks is the language of the output; settings may be nil.
func (c *command) speaks(settings *config.Config) workspace.Language {
	text := c.language
	if text == "" && settings != nil {
		text = settings.DefaultLanguage
	}
	if language, ok := workspace.ParseLanguage(text); ok {
		return language
	}
	return workspace.German
}

// settings loads the configuration. Problems become one error in the right language.
func (c *command) settings() (*config.Config, error) {
	loaded, err := config.Load(c.flags, nil)
	if problems, ok := errors.AsType[config.Problems](err); ok {
		return nil, errors.New(problems.In(string(c.speaks(nil))))
	}
	return loaded, err
}

// printer writes lines of text in one language.
type printer struct {
	out      io.Writer
	language workspace.Language
}

func (p printer) line(text workspace.Text) {
	_, _ = fmt.Fprintln(p.out, strings.TrimRight(text.In(p.language), "\n"))
}

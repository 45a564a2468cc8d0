package bots

import "werkraum/workspace"

func (c *command) link() error {
	if err := c.noMore(); err != nil {
		return err
	}
	if !c.t.Direct {
		if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
			return err
		}
		m := LinkSent(c.lang)
		c.t.Answer = &m
	}
	c.t.SendLink = true // in a direct chat the links are the answer
	return nil
}

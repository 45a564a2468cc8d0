package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"werkraum/tests/program"
)

const (
	eventsEach = 100 // in a transaction, as Synapse sends them
	intakeTime = 3 * time.Second
	rounds     = 3 // of each measurement; the median is reported
)

// intake reports how fast transactions are taken in: each one is answered when
// it is durable. Five of a hundred events are commands of some other bot.
func (b *bench) intake(ctx context.Context) error {
	for _, kind := range databases {
		url, err := b.url(ctx, kind, "intake-"+strings.ToLower(kind))
		if err != nil {
			return err
		}
		p, err := b.start(ctx, "intake", url)
		if err != nil {
			return err
		}
		for _, connections := range []int{1, 4} {
			var speeds []float64
			for range rounds {
				speed, err := flood(ctx, p, connections)
				if err != nil {
					return errors.Join(err, p.Kill())
				}
				speeds = append(speeds, speed)
			}
			speed := median(speeds)
			b.report(fmt.Sprintf("%s: transactions taken in, durable, %d connection(s)", kind, connections), speed, "1/s")
			b.report(fmt.Sprintf("%s: events taken in, durable, %d connection(s)", kind, connections), speed*eventsEach, "1/s")
		}
		if err := p.Stop(ctx); err != nil {
			return err
		}
	}
	return nil
}

var sequence atomic.Int64

// flood sends transactions for a while and returns how many were answered per
// second.
func flood(ctx context.Context, p *program.Program, connections int) (float64, error) {
	group, ctx := errgroup.WithContext(ctx)
	var answered atomic.Int64
	began := time.Now()
	for range connections {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}
		group.Go(func() error {
			defer client.CloseIdleConnections()
			for time.Since(began) < intakeTime {
				if err := put(ctx, client, p, transaction()); err != nil {
					return err
				}
				answered.Add(1)
			}
			return nil
		})
	}
	err := group.Wait()
	return float64(answered.Load()) / time.Since(began).Seconds(), err
}

func transaction() []byte {
	var t bytes.Buffer
	t.WriteString(`{"events":[`)
	for i := range eventsEach {
		if i > 0 {
			t.WriteByte(',')
		}
		body := "Das sagt jemand in einem Raum, und es ist ganz gewöhnliches Gespräch"
		if i%20 == 0 {
			body = "!ping"
		}
		n := sequence.Add(1)
		fmt.Fprintf(&t, `{"type":"m.room.message","event_id":"$bench%030d","room_id":"!room%d:%s","sender":"@person:%s",`+
			`"origin_server_ts":1795312793000,"content":{"msgtype":"m.text","body":%q},"unsigned":{"age":123}}`, n, i%10, serverName, serverName, body)
	}
	t.WriteString(`]}`)
	return t.Bytes()
}

func put(ctx context.Context, client *http.Client, p *program.Program, body []byte) error {
	address := fmt.Sprintf("%s/_matrix/app/v1/transactions/%d", p.URL, sequence.Add(1))
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.HSToken)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("transaction answered %s", resp.Status)
	}
	return nil
}

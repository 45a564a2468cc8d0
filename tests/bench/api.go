package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"werkraum/tests/program"
)

// api reports how many cards programs make per second in one room by the REST API: each
// makes its next one when the last was answered, that is, durable.
func (b *bench) api(ctx context.Context) error {
	return b.made(ctx, "api", "%s: cards made by the API by %d client(s), answered", makeCardsByAPI)
}

func makeCardsByAPI(ctx context.Context, p *program.Program, clients int) (perSecond, p99 float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	address := p.URL + "/api/v1/rooms/" + url.PathEscape(string(room)) + "/cards"
	body, err := json.Marshal(map[string]any{"title": "Eine Karte, die ein Programm anlegt", "column": "open"})
	if err != nil {
		return 0, 0, err
	}
	var mu sync.Mutex
	var took []float64
	group, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for n := range clients {
		group.Go(func() error {
			for range cardsEach {
				at := time.Now()
				if err := makeOne(ctx, client, address, token(n), body); err != nil {
					return err
				}
				mu.Lock()
				took = append(took, milliseconds(time.Since(at)))
				mu.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return 0, 0, err
	}
	return float64(len(took)) / time.Since(began).Seconds(), quantile(took, .99), nil
}

func makeOne(ctx context.Context, client *http.Client, address, session string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+session)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("status %s: %.200s", resp.Status, answer)
	}
	return nil
}

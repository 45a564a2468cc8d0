package outbound

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics may be nil: then nothing is counted.
type metrics struct {
	requests *prometheus.CounterVec
	duration prometheus.Histogram
}

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	if registerer == nil {
		return nil, nil
	}
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "werkraum_outbound_requests_total",
			Help: "Requests to anything but the own homeserver, by how they ended.",
		}, []string{"result"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "werkraum_outbound_request_seconds",
			Help:    "Time from the start of a request to anything but the own homeserver to the end of its answer.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}),
	}
	for _, result := range results {
		m.requests.WithLabelValues(string(result)) // so that each is there with 0
	}
	for _, collector := range []prometheus.Collector{m.requests, m.duration} {
		if err := registerer.Register(collector); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) done(result Result, took time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(string(result)).Inc()
	m.duration.Observe(took.Seconds())
}

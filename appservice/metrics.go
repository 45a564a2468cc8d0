package appservice

import "github.com/prometheus/client_golang/prometheus"

// metrics are what an operator sees of the way from the homeserver and back.
type metrics struct {
	stored       prometheus.Histogram // transaction made durable
	handled      prometheus.Histogram // event received → its effects durable
	delivered    prometheus.Histogram // change accepted → handed to all who look on
	outboxLag    prometheus.Histogram // queued → taken by the homeserver
	requests     *prometheus.HistogramVec
	events       *prometheus.CounterVec
	ignored      prometheus.Counter // of events: the one that happens most
	intakeErrors prometheus.Counter
	outbox       prometheus.Gauge
	rooms        prometheus.Gauge
	retries      *prometheus.CounterVec
	homeserverUp prometheus.Gauge
	encryption   prometheus.Gauge
	decrypted    *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	fast := []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60, 600}
	histogram := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: fast})
	}
	m := &metrics{
		stored:    histogram("werkraum_transaction_stored_seconds", "Time to make a transaction durable."),
		handled:   histogram("werkraum_event_handled_seconds", "Time from an event's arrival until its effects are durable."),
		delivered: histogram("werkraum_change_delivered_seconds", "Time from a change's arrival until it was handed to everybody who looks on."),
		outboxLag: histogram("werkraum_outbox_lag_seconds", "Time from queueing a message until the homeserver took it."),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "werkraum_homeserver_request_seconds",
			Help: "Duration of requests to the homeserver.", Buckets: fast}, []string{"method", "result"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "werkraum_events_total",
			Help: "Events by what became of them: handled, ignored, repeated, set_aside, too_fast."}, []string{"result"}),
		intakeErrors: prometheus.NewCounter(prometheus.CounterOpts{Name: "werkraum_intake_errors_total", Help: "Transactions that could not be stored."}),
		outbox:       prometheus.NewGauge(prometheus.GaugeOpts{Name: "werkraum_outbox_waiting", Help: "Messages that wait for the homeserver."}),
		rooms:        prometheus.NewGauge(prometheus.GaugeOpts{Name: "werkraum_rooms_loaded", Help: "Rooms held in memory."}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "werkraum_retries_total",
			Help: "Repeated attempts, by what failed: store, homeserver."}, []string{"what"}),
		homeserverUp: prometheus.NewGauge(prometheus.GaugeOpts{Name: "werkraum_homeserver_up", Help: "1 if the last request to the homeserver was answered."}),
		encryption:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "werkraum_encryption_ready", Help: "1 if encrypted rooms can be worked in."}),
		decrypted: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "werkraum_encrypted_events_total",
			Help: "Encrypted events by what became of them: read, locked (the key was not there), broken."}, []string{"result"}),
	}
	m.ignored = m.events.WithLabelValues("ignored")
	r.MustRegister(m.stored, m.handled, m.delivered, m.outboxLag, m.requests, m.events, m.intakeErrors, m.outbox, m.rooms, m.retries, m.homeserverUp,
		m.encryption, m.decrypted)
	return m
}

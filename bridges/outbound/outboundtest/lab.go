// Package outboundtest holds what tests of outgoing requests need: a certificate
// authority, TLS servers on chosen loopback addresses, and a small DNS server that
// can change its mind between two answers.
package outboundtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// CA signs certificates that only its own Pool trusts.
type CA struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewCA makes a certificate authority.
func NewCA(t testing.TB) *CA {
	t.Helper()
	ca := &CA{key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &ca.key.PublicKey, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	if ca.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return ca
}

// Pool trusts the authority and nothing else.
func (ca *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.certificate)
	return pool
}

// Certificate signs one for names and IP addresses.
func (ca *CA) Certificate(t testing.TB, names ...string) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.certificate, &key.PublicKey, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Serve starts a TLS server on address (such as "127.0.0.2:0") with a certificate
// for names, and returns its host:port.
func (ca *CA) Serve(t testing.TB, address string, handler http.Handler, names ...string) string {
	t.Helper()
	var listening net.ListenConfig
	listener, err := listening.Listen(context.Background(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(handler)
	_ = server.Listener.Close()
	server.Listener = listener
	server.TLS = &tls.Config{Certificates: []tls.Certificate{ca.Certificate(t, names...)}}
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(server.Close)
	return listener.Addr().String()
}

// Port is the port of a host:port.
func Port(t testing.TB, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// DNS is a DNS server on loopback.
type DNS struct {
	address string

	mu        sync.Mutex
	addresses map[string][][]netip.Addr // per question, the last one stays
	services  map[string][]net.SRV
	asked     map[string]int
}

// NewDNS starts a server that knows no name yet.
func NewDNS(t testing.TB) *DNS {
	t.Helper()
	var listening net.ListenConfig
	conn, err := listening.ListenPacket(context.Background(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &DNS{
		address: conn.LocalAddr().String(), addresses: map[string][][]netip.Addr{},
		services: map[string][]net.SRV{}, asked: map[string]int{},
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer := d.answer(buffer[:n]); answer != nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return d
}

// Host sets the IPv4 addresses of a name, one text for each question with addresses
// separated by spaces; the last one answers all further questions.
func (d *DNS) Host(name string, answers ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	lists := [][]netip.Addr{}
	for _, answer := range answers {
		list := []netip.Addr{}
		for text := range strings.FieldsSeq(answer) {
			list = append(list, netip.MustParseAddr(text))
		}
		lists = append(lists, list)
	}
	d.addresses[name+"."] = lists
}

// Service sets the SRV records of a name such as "_matrix-fed._tcp.example.org".
func (d *DNS) Service(name string, records ...net.SRV) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.services[name+"."] = records
}

// Asked is how often the IPv4 address of a name was asked for.
func (d *DNS) Asked(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked[name+"."]
}

// Resolver asks this server only.
func (d *DNS) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "udp", d.address)
	}}
}

func (d *DNS) answer(question []byte) []byte {
	var message dnsmessage.Message
	if err := message.Unpack(question); err != nil || len(message.Questions) != 1 {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	asked := message.Questions[0]
	name := strings.ToLower(asked.Name.String())
	lists, isHost := d.addresses[name]
	services, isService := d.services[name]
	message.Response, message.Authoritative = true, true
	message.Additionals = nil
	if !isHost && !isService {
		message.RCode = dnsmessage.RCodeNameError
	}
	head := dnsmessage.ResourceHeader{Name: asked.Name, Type: asked.Type, Class: asked.Class, TTL: 0}
	switch asked.Type {
	case dnsmessage.TypeA:
		if isHost {
			turn := min(d.asked[name], len(lists)-1)
			for _, address := range lists[turn] {
				message.Answers = append(message.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: address.As4()}})
			}
		}
		d.asked[name]++
	case dnsmessage.TypeSRV:
		for _, record := range services {
			message.Answers = append(message.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.SRVResource{
				Priority: record.Priority, Weight: record.Weight, Port: record.Port,
				Target: dnsmessage.MustNewName(record.Target),
			}})
		}
	}
	packed, err := message.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// DER is the authority's own certificate.
func (ca *CA) DER() []byte { return ca.certificate.Raw }

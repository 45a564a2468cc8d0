package encryption

import (
	"context"
	"net/http"
)

// A database that is set back to an older copy sets the device's conversations
// with other devices back too, and nobody can read what it says in them: to the
// others, its keys were used before. So it is counted how often keys are given
// away, in the database and with the homeserver, in the bot's account data. If
// the homeserver has counted further, only a new device is understood.

// sharesType is the account data that holds the count.
const sharesType = "de.werkraum.device"

type shares struct {
	Count int64 `json:"shares"`
}

func (d *Device) sharesURL() string {
	return d.client.BuildClientURL("v3", "user", d.User, "account_data", sharesType)
}

// counted is how far the homeserver has counted.
func (d *Device) counted(ctx context.Context) (int64, error) {
	var there shares
	_, err := d.client.MakeRequest(ctx, http.MethodGet, d.sharesURL(), nil, &there)
	if isNotFound(err) {
		return 0, nil
	}
	return there.Count, err
}

// count counts before keys are given away.
func (d *Device) count(ctx context.Context) error {
	d.counting.Lock()
	defer d.counting.Unlock()
	n, err := d.Store.Shares(ctx)
	if err != nil {
		return err
	}
	n++
	if err := d.Store.PutShares(ctx, n); err != nil { // first: behind the homeserver it would look set back
		return err
	}
	_, err = d.client.MakeRequest(ctx, http.MethodPut, d.sharesURL(), shares{n}, nil)
	return err
}

// wasSetBack reports whether the device has given away keys of which the
// database does not know.
func (d *Device) wasSetBack(ctx context.Context) (bool, error) {
	there, err := d.counted(ctx)
	if err != nil {
		return false, err
	}
	here, err := d.Store.Shares(ctx)
	return there > here, err
}

// catchUp counts on from where the homeserver is.
func (d *Device) catchUp(ctx context.Context) error {
	there, err := d.counted(ctx)
	if err != nil {
		return err
	}
	here, err := d.Store.Shares(ctx)
	if err != nil || here >= there {
		return err
	}
	return d.Store.PutShares(ctx, there)
}

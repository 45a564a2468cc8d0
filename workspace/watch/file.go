package watch

import (
	"io"

	"werkraum/workspace"
)

// File is an attachment that is being fetched. Whoever gets it closes Body; an error of
// reading means that what was read is not the file.
type File struct {
	Name string
	// Image is the content type if the bytes are a picture of a harmless kind, otherwise "".
	Image string
	Size  int64 // -1 if it is not known
	Body  io.ReadCloser
}

// Upload is a file that somebody sends from the page.
type Upload struct {
	Card workspace.ItemID
	File string // chosen by the page; the same one again is the same file
	Name string
	Size int64 // exact
	Body io.Reader
}

// Picture is an image that somebody sends from a whiteboard on the page.
type Picture struct {
	Whiteboard workspace.ItemID
	ID         string // chosen by the page; the same one again is the same picture
	Size       int64  // exact
	Body       io.Reader
}

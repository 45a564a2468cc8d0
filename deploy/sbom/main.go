// Command sbom writes the bill of materials of a built binary: every Go module that is
// linked into it, as the binary itself tells, and every npm package that goes into its
// pages, with version, licence and checksum. The form is CycloneDX 1.6 in JSON. The same
// binary and lock file give the same bytes.
//
// usage: sbom BINARY OUTPUT, from the project's top folder
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sbom BINARY OUTPUT")
		os.Exit(2)
	}
	counted, err := write(".", os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
	fmt.Printf("sbom: %d components in %s\n", counted, os.Args[2])
}

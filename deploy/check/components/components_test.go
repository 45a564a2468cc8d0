package components

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIdentify(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"AGPL-3.0":     "GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3 ... the GNU General Public License",
		"GPL":          "GNU GENERAL PUBLIC\nLICENSE Version 3",
		"MPL-2.0":      "Mozilla Public License Version 2.0\n==== ... GNU Affero General Public License, Version 3.0",
		"MIT":          "Copyright (c)\n\nPermission is hereby granted, free of\ncharge, to any person obtaining a copy",
		"BSD-3-Clause": "Redistribution and use in source and binary forms ... Neither the name of Google",
		"BSD-2-Clause": "Redistribution and use in source and binary forms, with or without",
		"Apache-2.0":   "                                 Apache License\n                           Version 2.0, January 2004",
		"":             "All rights reserved.",
	} {
		if got := identify(text); got != want {
			t.Errorf("identify(%.40q) = %q, want %q", text, got, want)
		}
	}
}

func TestLicenceOfTakesAllFilesTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "LICENSE", "Permission is hereby granted, free of charge, to any person obtaining a copy")
	write(t, dir, "COPYING.other", "GNU Affero General Public License")
	got, err := licenceOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, "AGPL-3.0") || !strings.Contains(got, "MIT") {
		t.Errorf("licence = %q, want both", got)
	}
}

func TestBundledPackages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "package-lock.json", `{"packages": {
		"": {"version": "0.0.0"},
		"node_modules/react": {"version": "19.0.0", "license": "MIT", "integrity": "sha512-x"},
		"node_modules/a/node_modules/react": {"version": "19.0.0", "license": "MIT", "integrity": "sha512-x"},
		"node_modules/a/node_modules/@b/c": {"version": "1.0.0"},
		"node_modules/tool": {"version": "1.0.0", "license": "AGPL-3.0", "dev": true}}}`)
	got, err := Bundled(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Component{{"@b/c", "1.0.0", "", ""}, {"react", "19.0.0", "MIT", "sha512-x"}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("packages = %v, want %v", got, want)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

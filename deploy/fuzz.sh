#!/usr/bin/env bash
# Runs every fuzz target of the project, one after the other (go test takes one at a time).
# usage: deploy/fuzz.sh BUILD_TAGS TIME_FOR_EACH
set -euo pipefail
tags=$1
each=$2

for package in $(go list -tags "$tags" -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do
    for target in $(go test -tags "$tags" -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
        echo "--- $package $target"
        go test -tags "$tags" -run '^$' -fuzz "^$target\$" -fuzztime "$each" "$package"
    done
done

#!/usr/bin/env bash
# Runs every fuzz target of the project, one after the other (go test takes one at a time).
# What it finds interesting stays below .cache/fuzz and is where the next run begins; what
# fails is written into the package's testdata/fuzz, which belongs into the commit that mends it.
# Each target is given a number of inputs, not a time: Go ends a run that has a time by a
# deadline, and on a busy machine it now and then takes that deadline itself for a failure
# (“context deadline exceeded”, golang/go#75804).
# usage: deploy/fuzz.sh BUILD_TAGS INPUTS_FOR_EACH
set -euo pipefail
tags=$1
inputs=$2
top=$PWD
mkdir -p .cache/fuzz
binary=$(mktemp .cache/fuzz/XXXXXX.test)
trap 'rm -f "$top/$binary"' EXIT
count=0

while read -r package folder; do
    targets=$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$folder"/*_test.go 2>/dev/null | cut -c6- || true)
    [ -n "$targets" ] || continue
    go test -tags "$tags" -c -fuzz . -o "$binary" "$package" # instrumented, once for all targets
    for target in $targets; do
        echo "--- $package $target"
        (cd "$folder" && "$top/$binary" -test.run '^$' -test.fuzz "^$target\$" -test.fuzztime "${inputs}x" -test.fuzzminimizetime 1000x -test.fuzzcachedir "$top/.cache/fuzz/$package")
        count=$((count + 1))
    done
done < <(go list -tags "$tags" -f '{{.ImportPath}} {{.Dir}}' ./...)
echo "fuzz: $count targets, $inputs inputs each, nothing found"

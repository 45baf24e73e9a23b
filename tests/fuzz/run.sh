#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every fuzz target of the asan preset for a while: tests/fuzz/run.sh [SECONDS [TARGET ...]], 60 seconds each by default.
# Starts from the seeds in tests/fuzz/corpus/TARGET, and from the reference data where it is present. New inputs and
# findings stay in the build folder ($BUILD, build/asan by default), under fuzz/TARGET.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
build=$(realpath -m "${BUILD:-$source/../../build/asan}")
reference=${VITRINE_REFERENCE_DATA:-$source/../../../shared}
seconds=${1:-60}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}
[ $# -eq 0 ] || shift

# The reference files that suit a target, by the beginning of their names.
reference_seeds() {
  case $1 in
    safetensors) pattern='st_*' ;;
    pytorch) pattern='pth_*' ;;
    image) pattern='img_*' ;;
    csv) pattern='csv_*' ;;
    *) return 0 ;;
  esac
  [ ! -d "$reference/golden/bad" ] || find "$reference/golden/bad" -name "$pattern" -size -64k
}

if [ $# -eq 0 ]; then
  for program in "$build"/tests/fuzz/fuzz_*; do
    [ -x "$program" ] && set -- "$@" "$(basename "$program" | sed 's/^fuzz_//')"
  done
fi
[ $# -gt 0 ] || { echo "no fuzz target in $build: build the preset asan first" >&2; exit 2; }

failed=
for target in "$@"; do
  work=$build/fuzz/$target
  mkdir -p "$work/corpus" "$work/seeds"
  reference_seeds "$target" | while read -r file; do cp -f "$file" "$work/seeds/"; done
  seeds=$source/corpus/$target
  [ -d "$seeds" ] || seeds=
  echo "== $target, $seconds s"
  (cd "$work" && "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=256 -print_final_stats=1 corpus ${seeds:+"$seeds"} seeds >log.txt 2>&1) || failed="$failed $target"
  tail -n 8 "$work/log.txt"
done
[ -z "$failed" ] || { echo "findings in:$failed (see $build/fuzz/TARGET/log.txt and the crash files beside it)" >&2; exit 1; }

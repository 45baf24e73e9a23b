#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh Debian 12 to a running Vitrine: installs what is missing, builds, and runs the demo or the tests.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: packaging/bootstrap.sh COMMAND [options]

Commands
  demo      install, build, and run the main job on the shipped sample: quantize, measure, report; then show it in the
            window where there is a display
  test      install, build, and run all tests
  build     install and build only

Options
  --no-install     do not install packages; fail when one is missing
  --preset NAME    CMake preset to build (default: release)
  --jobs N         parallel compile jobs (default: by cores and memory)
  --out DIR        where the demo leaves its project (default: build/demo)
  -h, --help       this text
TEXT
}

say() { printf '==> %s\n' "$*"; }
die() { printf 'bootstrap: %s\n' "$*" >&2; exit 2; }

# Compiler and tools, then libraries; docs/dependencies.md lists their licences.
packages=(
    g++ cmake ninja-build ccache pkg-config
    libtorch-dev libdnnl-dev libopenblas0-pthread libopencv-dev libhwy-dev libxxhash-dev
    zlib1g-dev libjpeg-dev nlohmann-json3-dev libcli11-dev
    qt6-base-dev qt6-svg-dev libqcustomplot-dev libgl-dev fonts-dejavu-core
    libgtest-dev libgmock-dev
)

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | cut -c1-2)" = ii ] || printf '%s\n' "$package"
    done
}

install_packages() {
    command -v dpkg-query >/dev/null || die "this script installs Debian packages; elsewhere install them yourself and use --no-install"
    local missing
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$install" = no ]; then
        die "these packages are missing: ${missing[*]} (run without --no-install to install them)"
    fi
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "installing needs root: run as root, or install sudo, or use --no-install"
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# One compile job takes up to 1.6 GB (LibTorch headers).
compile_jobs() {
    local cores memory_gib
    cores=$(nproc)
    memory_gib=$(awk '/MemAvailable/ {print int($2 / 1048576 / 1.6)}' /proc/meminfo)
    echo $((cores < memory_gib ? cores : (memory_gib > 0 ? memory_gib : 1)))
}

build() {
    say "Configuring and building (preset $preset)"
    cmake --preset "$preset"
    cmake --build --preset "$preset" --parallel "${jobs:-$(compile_jobs)}"
}

run_demo() {
    local cli="build/$preset/app/vitrine-cli" project="${out:-build/demo}"
    rm -rf -- "$project"
    say "Writing the sample project to $project"
    "$cli" sample "$project"
    say "Quantizing the sample network by RepQ-ViT at 4 bits, measuring on 500 images"
    "$cli" run --project "$project" --model "$project/sample/vit_sample.safetensors" \
        --calib "$project/sample/calibration.csv" --eval "$project/sample/evaluation.csv" --eval-rows 0-499 \
        --method repq --set weight.bits=4 --set activation.bits=4
    "$cli" report "$project" --html "$project/report.html"
    say "Project: $project"
    say "Report:  $project/report.html"
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        say "Opening the project; close the window to end"
        "build/$preset/app/vitrine" "$project"
    else
        say "There is no display: with one, build/$preset/app/vitrine $project shows the project"
    fi
}

command=""
install=yes
preset=release
jobs=""
out=""
while [ $# -gt 0 ]; do
    case "$1" in
        demo | test | build) command="$1" ;;
        --no-install) install=no ;;
        --preset) preset="${2:?--preset needs a name}"; shift ;;
        --jobs) jobs="${2:?--jobs needs a number}"; shift ;;
        --out) out="$(realpath -m "${2:?--out needs a folder}")"; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; die "unknown argument '$1'" ;;
    esac
    shift
done
[ -n "$command" ] || { usage >&2; exit 2; }

cd "$(dirname "$0")/.."
install_packages
build
case "$command" in
    demo) run_demo ;;
    test)
        say "Running the tests"
        ctest --preset "$preset" --parallel "$(nproc)"
        ;;
esac

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh clone to a report: installs, builds, trains, analyses, compares, reports.
set -euo pipefail

usage() {
    cat <<'END'
Usage: tools/quickstart.sh [--data NAME] [--epochs N] [--no-install]

Installs what is missing for the build, builds sparsegraph in build/, trains a sparse network with
Sparse Evolutionary Training, measures the topology of every epoch, compares it with a social network,
and writes a report. Takes a few minutes and no download of data. Each call makes a run of its own:
output/quickstart, output/quickstart-2, ...

  --data NAME   the data set (default: fashion-mnist where it is installed, else generated digits)
  --epochs N    passes over the training samples (default: 20)
  --no-install  install nothing
  -h, --help    this text
END
}

say() {
    printf '\n== %s\n' "$*"
}

# Prints the command before it runs it, so that a reader can repeat it.
show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

# The first of output/quickstart, output/quickstart-2, ... that is not there yet.
new_run() {
    local run=output/quickstart number=2
    while [ -e "$run" ]; do
        run=output/quickstart-$number
        number=$((number + 1))
    done
    echo "$run"
}

main() {
    local data='' epochs=20 install=yes run command=build/tools/sparsegraph
    while [ $# -gt 0 ]; do
        case $1 in
        --data | --epochs)
            [ $# -ge 2 ] || { printf 'quickstart.sh: %s needs a value; see --help\n' "$1" >&2 && return 2; }
            [ "$1" = --data ] && data=$2 || epochs=$2
            shift
            ;;
        --no-install) install=no ;;
        -h | --help)
            usage
            return 0
            ;;
        *)
            printf 'quickstart.sh: unknown option %s; see --help\n' "$1" >&2
            return 2
            ;;
        esac
        shift
    done
    cd "$(dirname "$0")/.."

    if [ "$install" = yes ]; then
        say "what is missing"
        tools/install-deps.sh --build
    fi
    say "the build"
    [ -f build/meson-private/coredata.dat ] || meson setup build -Dtests=disabled
    ninja -C build

    if [ -z "$data" ]; then
        data=digits
        [ ! -d /usr/share/datasets/fashion-mnist ] || data=fashion-mnist
    fi
    run=$(new_run)
    say "a sparse network learns $data"
    # small batches, a high rate and plain grey levels: the topology moves far in few epochs
    show "$command" train "$data" --method set --hidden 300,100 --epsilon 10 --batch 20 --lr 0.05 \
        --standardize none --epochs "$epochs" --seed 1 -o "$run"
    say "its topology, epoch by epoch"
    show "$command" analyze "$run"
    say "beside a social network"
    show "$command" compare "$run" --with karate
    say "the report"
    show "$command" report "$run"

    say "done in $SECONDS s"
    cat <<END
report     $run/report.html  (open it in a browser; it needs no network)
figures    $run/figures/
tables     $run/analysis/  and  $run/report_data/
snapshots  $run/snapshots/  (one .safetensors file an epoch)
command    $command  ($command --help)
END
}

main "$@"

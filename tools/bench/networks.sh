#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The measures of one snapshot beside NetworkX, igraph and SciPy: the same answers, and the seconds that each takes.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: tools/bench/networks.sh SNAPSHOT.safetensors [SPARSEGRAPH]

Needs Debian's python3-networkx, python3-igraph and python3-scipy. Ours are whole calls of `sparsegraph analyze` for one
measure on one process, starting and reading included; the peers' seconds are those of the call alone.
TEXT
}

case ${1:--h} in
    -h | --help) usage; exit 0 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
snapshot=$1
sparsegraph=${2:-$here/../../build/tools/sparsegraph}

printf '%-26s %-31s %12s %12s %9s %9s %8s\n' measure peer theirs ours "their s" "our s" ratio
/usr/bin/python3 -B "$here/peer_networks.py" "$snapshot" | while read -r line; do
    field() { /usr/bin/python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$line" "$1"; }
    measure=$(field measure)
    subject=$(field subject)
    begin=$(date +%s.%N)
    ours=$("$sparsegraph" analyze "$snapshot" --measure "$measure" --nulls 0 --bootstrap 100 --jobs 1 -q --csv)
    end=$(date +%s.%N)
    awk -F, -v line="$(field peer)|$(field value)|$(field s)" -v measure="$measure" -v subject="$subject" \
        -v seconds="$(awk -v a="$begin" -v b="$end" 'BEGIN { print b - a }')" '
        $3 == subject && $4 == measure {
            split(line, peer, "|")
            printf "%-26s %-31s %12.6g %12.6g %9.3f %9.3f %8.1f\n", measure, peer[1], peer[2], $5, peer[3], seconds, peer[3] / seconds
        }' <<<"$ours"
done

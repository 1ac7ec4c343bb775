#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `sparsegraph fit`: what it reads, what it prints, and what it refuses.
. "$(dirname "$0")/lib.sh"

# Degrees of Zachary's karate club (J. Anthropol. Res. 33:452, 1977).
karate='16 9 10 6 3 4 4 4 5 2 3 1 2 5 2 2 2 2 2 3 2 2 2 5 3 3 2 4 3 4 4 6 12 17'

# power_law N: counts of a power law of exponent 2.5 by inversion, at evenly spaced ranks.
power_law() {
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%d\n", 4.5 * exp(-log((i + 0.5) / n) / 1.5) + 0.5 }'
}

it 'fits the karate club as igraph does'
echo "$karate" >karate.txt
run fit karate.txt
code 0
err_is_empty
# python-igraph 0.10.2: alpha 2.126278, xmin 2, lnL -72.273936, D 0.099983
out_has 'alpha                2.1263 +-'
out_has 'xmin                 2 '
out_has '-72.274'
out_has '0.09998'
out_has 'a small p REJECTS the power law'
out_has 'a small p SPEAKS FOR it'
out_has 'does not pass: 34 values are no distribution'

it 'reads any shape of the same numbers, gzipped or not, and standard input'
run fit karate.txt --csv
cut -d, -f3- "$tmp/out" >expected
printf '# the club\r\n%s\r\n%% its end\r\n' "$karate" | tr ' ' ';' | sed 's/;/ ; /g; s/^# ; the ; club/# the club/; s/^% ; its ; end/% its end/' >dos.txt
run fit dos.txt --csv
cut -d, -f3- "$tmp/out" >got
same_bytes expected got
echo "$karate" | tr ' ' '\n' | gzip >lines.gz
run fit lines.gz --csv
cut -d, -f3- "$tmp/out" >got
same_bytes expected got
"$SPARSEGRAPH" fit - --csv <karate.txt | cut -d, -f3- >got
same_bytes expected got

it 'fits the degrees of an edge list'
printf 'a b\na c\na d\nb c\nd d\n' >edges.txt
run fit --degrees edges.txt --json
code 0
out_is_json
out_has '"values":"degrees"'
out_has '"nodes":4,"links":4,"dropped_links":1'
run fit --degrees --directed edges.txt --csv
code 0
out_has ',in-degrees,discrete,3,1,'
out_has ',out-degrees,discrete,2,2,'

it 'passes a true power law'
power_law 10000 >true.txt
run fit true.txt --bootstrap 200
code 0
out_has 'strong, super-weak'
out_has 'passes: nothing here speaks against a power law'

it 'gives the same bytes for the same seed'
cp "$tmp/out" first
run fit true.txt --bootstrap 200
same_bytes first "$tmp/out"

it 'refuses the degrees of random networks, with reasons'
# Poisson of mean 20: products of uniform numbers until they fall below e^-20
awk 'function u() { s = (s * 16807) % 2147483647; return s / 2147483647 }
    BEGIN { for (f = 1; f <= 3; f++) { s = 1000 * f + 7; for (i = 0; i < 784; i++) {
        k = 0; p = u(); while (p > exp(-20)) { p *= u(); k++ } print k > ("poisson" f ".txt") } } }'
run fit poisson1.txt poisson2.txt poisson3.txt -q
code 0
tr '\n' ' ' <"$tmp/out" | tr -s ' ' >flat
[ "$(grep -o 'does not pass: alpha [0-9.]* lies outside (2, 3)' flat | wc -l)" -eq 3 ] ||
    wrong 'not all three are refused for their alpha'
[ "$(grep -o 'decades, one is needed' flat | wc -l)" -eq 3 ] ||
    wrong 'not all three are refused for the length of their tail'
out_has 'All 3 together'

it 'takes reals, and an xmin'
awk 'BEGIN { for (i = 0; i < 500; i++) printf "%.6f\n", 1.25 * exp(-log((i + 0.5) / 500) / 1.5) }' >reals.txt
run fit reals.txt --bootstrap 50 --json
code 0
out_is_json
out_has '"kind":"continuous"'
run fit reals.txt --bootstrap 50 --xmin 2 --csv
code 0
awk -F, 'NR == 2 { exit !($9 >= 2 && $9 < 2.02 && $7 > 2.3 && $7 < 2.7) }' "$tmp/out" || wrong 'no fit from 2 on'
run fit true.txt --xmin 40 --bootstrap 0 --csv
awk -F, 'NR == 2 { exit !($9 == 40 && $13 == "") }' "$tmp/out" || wrong 'no untested fit from 40 on'

it 'says where a file is no list of numbers'
printf '1 2\n3 four 5\n' >words.txt
run fit words.txt
fails_with 3
err_has "'words.txt', line 2: 'four' is no number"
printf '1 2\n\n  3 nan\n' >nan.txt
run fit nan.txt
fails_with 3
err_has "'nan.txt', line 3: 'nan' is no number"
printf '# nothing\n' >none.txt
run fit none.txt
fails_with 3
err_has "'none.txt' holds no number"
run fit absent.txt
fails_with 3
err_has "cannot read 'absent.txt'"

it 'refuses reals as counts, and names the file'
run fit reals.txt --discrete
fails_with 3
err_has "'reals.txt': number 2, 60.0937, is no count"

it 'refuses options that contradict each other'
run fit karate.txt --json --csv
fails_with 2
run fit karate.txt --discrete --continuous
fails_with 2
run fit karate.txt --directed
fails_with 2
run fit karate.txt --precision 2
fails_with 2
run fit
fails_with 2

it 'answers numbers that nothing can be fitted to'
printf '5 5 5\n' >fives.txt
run fit fives.txt
code 0
out_has 'values are equal: nothing to fit'
run fit fives.txt --json
out_is_json
printf '0\n' | "$SPARSEGRAPH" fit - >"$tmp/out"
out_has 'all values are'
out_has '1 count, 1 zero left out'

finish

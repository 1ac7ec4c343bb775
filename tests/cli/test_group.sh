# SPDX-License-Identifier: GPL-3.0-or-later
# Runs of one setting under different seeds, analysed as a group.
. "${0%/*}/lib.sh"

for seed in 1 2 3; do
    "$SPARSEGRAPH" train digits --hidden 20 --epochs 2 --seed "$seed" -o "set-$seed" -q \
        --n-train 200 --n-test 50
done

it 'gives mean and interval of each measure over runs that differ in their seed'
run analyze set-1 set-2 set-3 --group --bootstrap 0 -o group -q
code 0
out_has '3 runs, seeds 1 2 3; mean ± half the 95 % confidence interval over runs'
out_has 'between runs, mean of pairs'

it 'writes what it found into the folder of -o and nowhere else'
run analyze set-1 set-2 set-3 --group --bootstrap 0 -o group
code 0
err_has 'written: group/group.json, group.csv'
exists group/group.json group/group.csv
is_absent set-1/analysis

it 'prints tidy CSV, one line a measure'
run analyze set-1 set-2 set-3 --group --bootstrap 0 --csv -q --measure links
code 0
out_has 'epoch,scope,subject,measure,n,mean,sd,ci_low,ci_high,min,max'
out_has '0,link,hidden1-output,links,3,200,0,200,200,200,200'

it 'gives two runs a range and says that it is no interval'
run analyze set-1 set-2 --group --bootstrap 0 --measure links
code 0
out_has '2 runs, seeds 1 2; mean (smallest … largest)'
err_has 'no confidence interval'

it 'refuses runs of different settings and names the setting'
"$SPARSEGRAPH" train digits --hidden 20 --epochs 2 --seed 4 --zeta 0.2 -o other -q \
    --n-train 200 --n-test 50
run analyze set-1 other --group
fails_with 3
err_has "'set-1' and 'other' differ in 'zeta' (0.3 and 0.2)"

it 'refuses the same run twice, and a single run'
run analyze set-1 set-1 --group
fails_with 3
err_has 'are both of seed 1'
run analyze set-1 --group
fails_with 3
err_has 'at least 2 runs'

finish

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad input: one clear line on stderr, the right exit code, and nothing half-written left behind.
. "$(dirname "$0")/lib.sh"

small='--hidden 8 --epochs 1 --batch 5 -q'

# fails_cleanly CODE FILE: fails as it has to, names the file, leaves no run and no stray file.
fails_cleanly() {
    fails_with "$1"
    err_has "$2"
    is_absent "$tmp/never"
    [ -z "$(find "$tmp" -name '*.tmp*' -o -name '.*.??????' | head -n 1)" ] ||
        wrong "temporary files are left: $(find "$tmp" -name '*.tmp*' -o -name '.*.??????')"
}

# --- data sets ----------------------------------------------------------------------------------

it 'trains on a sound folder of IDX files, which the next tests break one by one'
make_idx_folder sound
# shellcheck disable=SC2086
run train sound $small -o ok
code 0
exists ok/snapshots/epoch-0001.safetensors

it 'trains on the same folder gzipped'
mkdir elsewhere && cp -r sound elsewhere/sound && gzip elsewhere/sound/*
cd elsewhere || exit 99 # a snapshot names its data set as the user did
# shellcheck disable=SC2086
run train sound $small -o okgz
code 0
cd "$tmp" || exit 99
same_bytes ok/snapshots/epoch-0001.safetensors elsewhere/okgz/snapshots/epoch-0001.safetensors
mv elsewhere/sound zipped

it 'refuses a truncated gzip'
cp -r zipped cut
head -c 60 zipped/train-images-idx3-ubyte.gz >cut/train-images-idx3-ubyte.gz
# shellcheck disable=SC2086
run train cut $small -o never
fails_cleanly 3 train-images-idx3-ubyte.gz

it 'refuses a gzip whose checksum is wrong'
cp -r zipped flipped
head -c -8 zipped/train-images-idx3-ubyte.gz >flipped/train-images-idx3-ubyte.gz
printf '\377\377\377\377\000\001\000\000' >>flipped/train-images-idx3-ubyte.gz
# shellcheck disable=SC2086
run train flipped $small -o never
fails_cleanly 3 train-images-idx3-ubyte.gz

it 'refuses a wrong magic number'
cp -r sound magic
printf '\211PNG' | dd of=magic/train-images-idx3-ubyte conv=notrunc 2>/dev/null
# shellcheck disable=SC2086
run train magic $small -o never
fails_cleanly 3 train-images-idx3-ubyte

it 'refuses fewer labels than images'
cp -r sound labels
idx_labels 19 >labels/train-labels-idx1-ubyte
# shellcheck disable=SC2086
run train labels $small -o never
fails_cleanly 3 train-labels-idx1-ubyte
err_has 19
err_has 20

it 'refuses a header that promises more than the file holds'
cp -r sound lies
{ printf '\000\000\010\003\000\377\377\377' && tail -c +9 sound/train-images-idx3-ubyte; } \
    >lies/train-images-idx3-ubyte
# shellcheck disable=SC2086
run train lies $small -o never
fails_cleanly 3 train-images-idx3-ubyte

it 'refuses a header whose sizes overflow'
cp -r sound overflow
{ printf '\000\000\010\003\377\377\377\377\377\377\377\377\377\377\377\377' &&
    tail -c +17 sound/train-images-idx3-ubyte; } >overflow/train-images-idx3-ubyte
# shellcheck disable=SC2086
run train overflow $small -o never
fails_cleanly 3 train-images-idx3-ubyte

it 'says where it looked for a data set that is nowhere'
mkdir nowhere
# shellcheck disable=SC2086
run train no-such-data --data-dir nowhere $small -o never
fails_cleanly 3 no-such-data

# --- networks -----------------------------------------------------------------------------------

it 'refuses a file that is not there'
run inspect missing.safetensors
fails_cleanly 3 missing.safetensors

it 'refuses a file that is no safetensors file'
echo 'hello, world: this is a letter, no network' >letter.safetensors
run inspect letter.safetensors
fails_cleanly 3 letter.safetensors

it 'refuses an empty file'
: >empty.safetensors
run analyze empty.safetensors
fails_cleanly 3 empty.safetensors

it 'refuses weights that are not a number'
{ safetensors_header '{"a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}' &&
    printf '\000\000\200\077\000\000\300\177\000\000\200\077\000\000\200\077'; } >nan.safetensors
run inspect nan.safetensors
fails_cleanly 3 nan.safetensors
err_has a.weight

it 'reads the same file once its weights are numbers'
{ safetensors_header '{"a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}' &&
    printf '\000\000\200\077\000\000\000\000\000\000\200\077\000\000\200\077'; } >fine.safetensors
run inspect fine.safetensors
code 0
out_has 2-2

it 'refuses offsets outside the file'
{ safetensors_header '{"a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}' &&
    printf '\000\000\200\077'; } >short.safetensors
run inspect short.safetensors
fails_cleanly 3 short.safetensors

it 'refuses a header that is longer than the file'
printf '\377\377\377\377\377\377\377\177{' >long.safetensors
run inspect long.safetensors
fails_cleanly 3 long.safetensors

it 'goes on to the next file after a bad one, and still fails'
run inspect nan.safetensors fine.safetensors
code 3
out_has fine.safetensors

it 'prints one JSON array whatever fails'
run inspect --json fine.safetensors nan.safetensors
code 3
out_is_json

# --- runs ---------------------------------------------------------------------------------------

mkdir emptydir
for command in inspect analyze report 'train --resume' 'render heatmap -o no.svg' \
    'render timeline -o no.svg'; do
    it "refuses a directory that is no run: $command"
    # shellcheck disable=SC2086
    run $command emptydir
    fails_cleanly 3 emptydir

    it "refuses a run that is not there: $command"
    # shellcheck disable=SC2086
    run $command no-such-run
    fails_cleanly 3 no-such-run
done

it 'refuses a broken manifest'
mkdir -p broken/snapshots && cp ok/snapshots/* broken/snapshots && echo '{"method": ' >broken/manifest.json
run inspect broken
fails_cleanly 3 broken

it 'names the snapshot that is broken'
cp -r ok halved
head -c 300 ok/snapshots/epoch-0001.safetensors >halved/snapshots/epoch-0001.safetensors
run analyze -q halved
fails_with 3
err_has epoch-0001.safetensors
is_absent halved/analysis

it 'refuses to go on with a finished run, and says that it is finished'
run train --resume ok
fails_with 3
err_has ok

it 'does not write over a run'
cp ok/manifest.json before.json
# shellcheck disable=SC2086
run train sound $small -o ok
fails_with 3
err_has --overwrite
same_bytes ok/manifest.json before.json

it 'writes over a run when it is told to'
# shellcheck disable=SC2086
run train sound $small --overwrite -o ok
code 0

# --- outputs ------------------------------------------------------------------------------------

it 'cannot write a run under a file'
: >file
# shellcheck disable=SC2086
run train sound $small -o file/run
[ "$exit_code" -eq 1 ] || [ "$exit_code" -eq 3 ] || wrong "exit code $exit_code, expected 1 or 3"
err_has file/run

it 'cannot draw into a folder that is not there'
run render timeline ok -o no/such/folder/x.svg
[ "$exit_code" -eq 1 ] || [ "$exit_code" -eq 3 ] || wrong "exit code $exit_code, expected 1 or 3"
err_has no/such/folder/x.svg
out_is_empty

it 'cannot write into a folder that may not be written'
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod 555 locked
    # shellcheck disable=SC2086
    run train sound $small -o locked/run
    fails_with 1
    err_has locked/run
else
    skip 'root may write everywhere'
fi

it 'reports a full disk and leaves no half-written file'
full=
if [ "$(id -u)" -eq 0 ] && mkdir -p "$tmp/disk" && mount -t tmpfs -o size=64k none "$tmp/disk" 2>/dev/null
then
    full=$tmp/disk
    trap 'umount "$full"; rm -rf "$tmp"' EXIT
fi
if [ -n "$full" ]; then
    run train sound --hidden 200 --density 1 --epochs 1 --batch 5 -q -o disk/run
    fails_with 1
    err_has 'No space left on device'
    strays=$(find disk -name '*.safetensors' -size -2 -o -name '*tmp*')
    [ -z "$strays" ] || wrong "left behind: $strays"
    umount "$full" && trap 'rm -rf "$tmp"' EXIT
else
    skip 'mounting a small disk needs root'
fi

it 'says when results cannot be written to standard output'
if [ -w /dev/full ]; then
    ran='inspect ok >/dev/full'
    "$SPARSEGRAPH" inspect ok >/dev/full 2>"$tmp/err"
    exit_code=$?
    : >"$tmp/out"
    fails_with 1
else
    skip 'no /dev/full here'
fi

# --- graphs to compare with ---------------------------------------------------------------------

it 'refuses an edge list with one column'
printf '# a comment\na b\nc\n' >one.edges
run compare ok --with one.edges
fails_cleanly 3 one.edges
err_has 3

it 'refuses a graph that is neither a file nor built in, and names a near one'
run compare ok --with karatee
fails_with 3
err_has karate

finish

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Help, usage errors, exit codes: what a user meets before anything is computed.
. "$(dirname "$0")/lib.sh"

it 'lists the commands in groups'
run --help
code 0
err_is_empty
out_is_golden help

it 'prints its version'
run --version
code 0
out_matches '^sparsegraph [0-9]+\.[0-9]+\.[0-9]+$'

for command in $("$SPARSEGRAPH" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    it "explains $command, examples first"
    run "$command" --help
    code 0
    err_is_empty
    [ "$(sed -n 3p "$tmp/out")" = Examples ] || wrong 'the examples do not come first'
    [ "$(awk '{ if (length($0) > 80) n++ } END { print n + 0 }' "$tmp/out")" -eq 0 ] ||
        wrong "lines are wider than 80: $(awk 'length($0) > 80' "$tmp/out")"
    out_is_golden "help-$command"

    it "explains $command in the same words by 'help $command' and -h"
    cp "$tmp/out" "$tmp/long"
    run help "$command"
    same_bytes "$tmp/out" "$tmp/long"
    run "$command" -h
    same_bytes "$tmp/out" "$tmp/long"

    it "prints the man page of $command without a roff warning"
    run "$command" --help-man
    code 0
    out_has '.SH EXAMPLES'
    if command -v groff >/dev/null; then
        groff -man -Tutf8 -ww -z "$tmp/out" >"$tmp/err" 2>&1 || wrong 'groff failed'
        err_is_empty
    fi
done

it 'shows the defaults that were there before the options were read'
run train --epochs 77 --help
code 0
out_has '[10]'
! grep -qF '[77]' "$tmp/out" || wrong 'the help shows a given value as the default'

it 'wants a command'
run
fails_with 2
err_has "'sparsegraph --help' lists them"

it 'names the command that was probably meant'
run trian
fails_with 2
err_has "unknown command 'trian', did you mean 'train'?"

it 'points to the help where no command is near'
run frobnicate
fails_with 2
err_has "'sparsegraph --help' lists the commands"

it 'names the option that was probably meant'
run train digits --epocs 3
fails_with 2
err_has "unknown option '--epocs', did you mean '--epochs'?"

it 'points to the help where no option is near'
run train digits --frobnicate=1
fails_with 2
err_has "'sparsegraph train --help' lists them"

it 'refuses an unknown letter'
run inspect --json -xq
fails_with 2
err_has "unknown option '-x'"

it 'refuses an abbreviation of several options'
run train digits --lr-s linear --ep 3
fails_with 2
err_has "option '--ep' is ambiguous"

it 'refuses a value where an option takes none'
run inspect --json=yes x
fails_with 2
err_has "option '--json' takes no value"

it 'wants the value of an option'
run train digits --epochs
fails_with 2
err_has '--epochs needs a value: --epochs N'

it 'names the choice that was probably meant'
run train digits --method sett -o x
fails_with 2
err_has "--method has no 'sett', did you mean 'set'?"

it 'lists the choices where none is near'
run train digits --method evolution -o x
fails_with 2
err_has 'must be one of set, fixed, dense'

for bad in '--zeta 1.5' '--zeta nan' '--zeta -0.1' '--epsilon 0' '--epsilon 1e99' '--lr 0.01x' \
    '--batch 0' '--batch -1' '--batch 1.5' '--seed 18446744073709551616' '--hidden 10,,10' \
    '--hidden 10,0' '--hidden ,' '--epochs 5m' '--dropout 1' '--density 0'; do
    it "refuses $bad before anything else"
    # shellcheck disable=SC2086
    run train digits -o never $bad
    fails_with 2
    err_has "${bad%% *} "
    is_absent never
done

for bad in 5:1 ::0 a:b 1:2:3:4 -1; do
    it "refuses --epochs $bad"
    run analyze x --epochs "$bad"
    fails_with 2
    err_has 'needs FIRST:LAST:STEP'
done

it 'wants a data set'
run train -o x
fails_with 2
err_has 'a data set is missing: digits, fashion-mnist'

it 'wants to know where the run goes'
run train digits
fails_with 2
err_has '-o RUN is missing'

it 'refuses a second data set'
run train digits mnist -o x
fails_with 2
err_has "one argument too many: 'mnist'"

it 'refuses two settings of one thing'
run train digits -o x --density 0.1 --epsilon 10
fails_with 2
err_has 'choose one'
run analyze x --json --csv
fails_with 2
err_has 'choose one'

it 'refuses settings that a resumed run would ignore'
run train --resume x --lr 0.1
fails_with 2
err_has '--lr does not go with --resume'

it 'refuses a data set that a resumed run would ignore'
run train --resume x digits
fails_with 2
err_has '--resume takes no data set'

it 'names the figure that was probably meant'
run render heatmp x -o x.svg
fails_with 2
err_has "unknown figure 'heatmp', did you mean 'heatmap'?"

it 'wants a name for the picture'
run render heatmap x
fails_with 2
err_has '-o FILE is missing'

it 'refuses a picture format that it does not write, before it reads anything'
run render heatmap no-such-run -o picture.gif
fails_with 3
err_has 'picture.gif'

it 'says when standard output cannot be written'
if [ -w /dev/full ]; then
    ran='--help >/dev/full'
    "$SPARSEGRAPH" --help >/dev/full 2>"$tmp/err"
    exit_code=$?
    : >"$tmp/out"
    fails_with 1
    err_has 'cannot write to standard output: No space left on device'
else
    skip 'no /dev/full here'
fi

it 'prints a bash completion that bash can read and that knows options and choices'
run --help-bash
code 0
if command -v bash >/dev/null; then
    bash -n "$tmp/out" || wrong 'bash cannot parse it'
    words=$(bash -c '. "$1"; COMP_WORDS=(sparsegraph train --method ""); COMP_CWORD=3
        _sparsegraph; echo "${COMPREPLY[*]}"' sh "$tmp/out")
    [ "$words" = 'set fixed dense' ] || wrong "completes --method with: $words"
    words=$(bash -c '. "$1"; COMP_WORDS=(sparsegraph train --lr-s); COMP_CWORD=2
        _sparsegraph; echo "${COMPREPLY[*]}"' sh "$tmp/out")
    [ "$words" = --lr-schedule ] || wrong "completes --lr-s with: $words"
fi

finish

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What only a terminal gets to see: the bar, colours, and nothing of either where they are unwanted.
. "$(dirname "$0")/lib.sh"

if ! script -qec true /dev/null >/dev/null 2>&1; then
    echo '1..0 # SKIP no script(1) to make a terminal with'
    exit 0
fi
escape=$(printf '\033')
settings='train digits --n-train 400 --n-test 50 --hidden 50 --epochs 2 --overwrite -o run'

# Runs the command on a terminal of the given TERM; both its outputs land in one file.
on_terminal() {
    ran="$2 (on a terminal, TERM=$1)"
    TERM=$1 script -qec "stty cols 100; '$SPARSEGRAPH' $2" /dev/null >"$tmp/out" 2>/dev/null </dev/null
    exit_code=$?
    : >"$tmp/err"
}

it 'draws a bar with accuracy, density and the time left'
on_terminal xterm "$settings"
code 0
out_has "$escape[K"
out_has '━'
out_matches 'epoch 1/2 .*accuracy [0-9.]+ %  density [0-9.]+ %  [0-9]+:[0-9][0-9] left'

it 'still prints a line an epoch'
[ "$(tr '\r' '\n' <"$tmp/out" | grep -c 'epoch [0-2]/2  t')" -eq 3 ] || wrong 'expected 3 lines'

it 'colours the bar'
out_has "$escape[36m"

it 'uses no colour with NO_COLOR'
NO_COLOR=1
export NO_COLOR
on_terminal xterm "$settings"
unset NO_COLOR
code 0
! grep -qF "$escape[36m" "$tmp/out" || wrong 'the bar is coloured'
out_has '━'

it 'uses no colour with --no-color'
on_terminal xterm "$settings --no-color"
! grep -qF "$escape[36m" "$tmp/out" || wrong 'the bar is coloured'

it 'sends no escape sequence to a dumb terminal'
on_terminal dumb "$settings"
code 0
! grep -qF "$escape" "$tmp/out" || wrong 'there are escape sequences'
out_has 'epoch 2/2'

it 'draws the bar in ASCII where the terminal has no UTF-8'
LC_ALL=C
export LC_ALL
on_terminal xterm "$settings"
LC_ALL=C.UTF-8
out_matches '#+\.+'
! grep -q '━' "$tmp/out" || wrong 'there is UTF-8'

it 'says nothing with -q'
on_terminal xterm "$settings -q"
code 0
out_is_empty

it 'prints headings in bold on a terminal only'
on_terminal xterm '--help'
out_has "$escape[1mUsage"

finish

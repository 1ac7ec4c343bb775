#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Networks from elsewhere: every command takes them, several files as one, rows that send turned round.
. "$(dirname "$0")/lib.sh"

printf '2, 3, 3\n0 2 3\n0 2 1\n' >a.smtx
printf '%%%%MatrixMarket matrix coordinate real general\n2 2 2\n1 2 4\n2 1 5\n' >b.mtx
printf '# layer input 3\nfrom_layer,from,to_layer,to\ninput,0,hidden1,0\ninput,2,hidden1,0\ninput,1,hidden1,1\nhidden1,1,output,0\nhidden1,0,output,1\n' >net.csv

it 'inspects a file that its content tells'
cp a.smtx nameless
run inspect nameless
code 0
out_has '3-2, 5 neurons'
out_has 'connections  3, density 0.5'

it 'joins files to one network'
run inspect --layers a.smtx b.mtx
code 0
err_is_empty
out_has '3-2-2, 7 neurons'
out_has a.smtx
out_has b.mtx

it 'joins gzipped files'
gzip -k b.mtx
run inspect --layers a.smtx b.mtx.gz
code 0
out_has '3-2-2, 7 neurons'

it 'turns rows that send round'
run inspect a.smtx --orientation in-out
code 0
out_has '2-3, 5 neurons'
out_has 'in-out'

it 'finds the orientation in the chain of sizes'
printf '2, 4, 1\n0 0 1\n3\n' >c.smtx
run inspect --layers c.smtx a.smtx
code 3
run inspect --layers b.mtx a.smtx
code 0
out_has '2-2-3, 7 neurons'
out_has 'in-out'

it 'asks for the orientation where both chain'
run inspect --layers b.mtx b.mtx
fails_with 3
err_has 'choose the orientation out-in or in-out'
run inspect --layers b.mtx b.mtx --orientation out-in
code 0

it 'says what joins to no chain, and which file is missing'
run analyze --layers a.smtx a.smtx
fails_with 3
err_has 'a.smtx'
run analyze --layers a.smtx missing.smtx
fails_with 3
err_has missing.smtx
run inspect --layers "$tmp" a.smtx
fails_with 3

it 'analyses the same numbers, whichever way the network is given'
run analyze --layers a.smtx b.mtx --csv -q --bootstrap 0 --nulls 0
code 0
cp out joined.csv
run analyze net.csv --csv -q --bootstrap 0 --nulls 0
code 0
grep ',links,' joined.csv >expected
grep ',links,' out >found
same_bytes expected found

it 'holds joined layers against another network'
run compare --layers a.smtx b.mtx --with karate -q --bootstrap 0
code 0
out_has karate

it 'compares with a matrix and with a file that names layers'
run compare a.smtx --with b.mtx --with net.csv -q --bootstrap 0
code 0
out_has ' net'
out_has 1.429

it 'draws joined layers, and puts them into a report'
run render topology --layers a.smtx b.mtx -o joined.svg -q
code 0
exists joined.svg
run report --layers a.smtx b.mtx -o report -q
code 0
exists report/report.html

it 'converts joined layers, and reads back what was converted'
run convert --layers a.smtx b.mtx joined.csv -q
code 0
run inspect joined.csv
code 0
out_has '3-2-2, 7 neurons'
run convert joined.csv joined.npz -q
code 0
run inspect --layers joined-1-*.npz joined-2-*.npz
code 0
out_has 'connections  5,'
run convert joined.csv joined.mtx -q
code 0
run inspect --layers joined-1-*.mtx joined-2-*.mtx
code 0
out_has 'connections  5,'
run convert joined.csv joined.edges -q
code 0
run inspect joined.edges
code 0
out_has '3-2-2, 7 neurons'

it 'refuses a second network to convert'
run convert a.smtx b.mtx out.csv
code 2
err_has --layers

it 'runs nothing that a pickle asks for'
printf '\200\002\212\012\154\374\234\106\371\040\152\250\120\031.\200\002M\351\003.\200\002}.cos\nsystem\nX\011\000\000\000touch own\205R.' >evil.pkl
run inspect evil.pkl
fails_with 3
err_has os.system
is_absent own

finish

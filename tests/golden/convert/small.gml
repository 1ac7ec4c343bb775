Creator "sparsegraph VERSION"
Version 1
graph [
  directed 1
  epoch "7"
  note "&quot;quoted&quot;&#10;&#233;\"
  node [ id 0 label "input:0" layer "input" index 0 row 0 column 0 ]
  node [ id 1 label "input:1" layer "input" index 1 row 0 column 1 ]
  node [ id 2 label "input:2" layer "input" index 2 row 1 column 0 ]
  node [ id 3 label "input:3" layer "input" index 3 row 1 column 1 ]
  node [ id 4 label "hidden1:0" layer "hidden1" index 0 bias 0.5 ]
  node [ id 5 label "hidden1:1" layer "hidden1" index 1 bias -0.25 ]
  node [ id 6 label "hidden1:2" layer "hidden1" index 2 bias 0.0 ]
  node [ id 7 label "output:0" layer "output" index 0 ]
  node [ id 8 label "output:1" layer "output" index 1 ]
  edge [ source 0 target 4 weight 1.0 ]
  edge [ source 3 target 4 weight -2.0 ]
  edge [ source 1 target 5 weight 3.0 ]
  edge [ source 0 target 6 weight -4.0 ]
  edge [ source 1 target 6 weight 5.0 ]
  edge [ source 5 target 7 weight 1.0 ]
  edge [ source 6 target 7 weight 1.0 ]
  edge [ source 4 target 8 weight 1.0 ]
]

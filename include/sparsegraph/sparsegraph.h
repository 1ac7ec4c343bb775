/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_H
#define SPARSEGRAPH_H

/** @file sparsegraph.h  The whole public API of sparsegraph. */

#include "analysis.h"
#include "compare.h"
#include "convert.h"
#include "csr.h"
#include "dataset.h"
#include "error.h"
#include "fields.h"
#include "figure.h"
#include "graph.h"
#include "group.h"
#include "measure.h"
#include "null_model.h"
#include "powerlaw.h"
#include "progress.h"
#include "ranks.h"
#include "render.h"
#include "report.h"
#include "run.h"
#include "scene.h"
#include "snapshot.h"
#include "sweep.h"
#include "sweep_train.h"
#include "tail.h"
#include "train.h"
#include "values.h"

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_PLOTS_H
#define OC_REPORTS_LATENCY_PLOTS_H

#include "reports/latency/judge.h"
#include "reports/latency/svg.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private to reports/latency. Each adds a <plot> with an <svg> and a table of its data (<column> and <row> of <cell>) to
 * `parent`. Series are finished and have samples. */

/* A line in a plot where a limit stands. */
typedef struct oc_plot_limit {
    const char *label;
    double ns;
} oc_plot_limit;

/* The share of samples that take no longer. */
void oc_plot_ecdf(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_plot_limit *limits,
                  size_t count);
/* The percentiles, the few slow samples drawn out: from 1,000 samples on. */
#define OC_PLOT_PERCENTILES_LEAST 1000
void oc_plot_percentiles(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_plot_limit *limits,
                         size_t count);
/* The samples in the order of the record: warm-up, drift, stalls. */
void oc_plot_scatter(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_plot_limit *limits,
                     size_t count);
/* Step by step where the time of one transaction went; `which` "median" or "worst". */
void oc_plot_waterfall(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_transaction *transaction,
                       const char *which);

#ifdef __cplusplus
}
#endif
#endif

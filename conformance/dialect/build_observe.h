/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_BUILD_OBSERVE_H
#define OC_CONFORMANCE_DIALECT_BUILD_OBSERVE_H

#include "conformance/dialect/build.h"
#include "conformance/dialect/pattern.h"

/* Private to the loaders of suites and of rules: from XML nodes to patterns. Everything lands in the arena. */

/* must, may, must-not. */
bool oc_is_pattern(const xmlNode *node);
/* The patterns below `node`, for an observation whose other members are set. `requirement` is that of patterns without
 * their own, or NULL. */
OC_MUST_USE oc_result oc_build_patterns(const oc_build *build, const xmlNode *node, const char *requirement,
                                        oc_observation *observation);
/* An <observe>, or the attributes and patterns of a <rule>. */
OC_MUST_USE oc_result oc_build_observation(const oc_build *build, const xmlNode *node, const oc_observation **out);
/* A copy with the patterns of a negative's <expect>. */
OC_MUST_USE oc_result oc_build_observed_instead(const oc_build *build, const xmlNode *expect,
                                                const oc_observation **observation);

#endif

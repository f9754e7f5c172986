/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_VARIANT_H
#define OC_TESTS_SUPPORT_OC_VARIANT_H

#include "sim/profile/profile.h"

/* A shipped profile with some of its text changed, so that a test needs no profile file of its own. */
typedef struct oc_variant_change {
    const char *from; /* has to stand in the profile, or nothing is loaded: OC_E_NOT_FOUND */
    const char *to;
} oc_variant_change;

/* Loads `path` with the first place of each `from` replaced by `to`. What it refers to by href stays where it is. */
OC_MUST_USE oc_result oc_variant_load(oc_profile **out, const char *path, const oc_variant_change *changes,
                                      size_t count, oc_diag *diag);

#endif

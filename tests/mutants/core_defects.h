/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_CORE_DEFECTS_H
#define OC_TESTS_MUTANTS_CORE_DEFECTS_H

#include "sim/card/card.h"

/* Card operating systems with one defect: an application that claims the social security environment puts its own row
 * before the built-in one. So a card that is put back between cases can be defective too. */

/* The operating system with that defect, for oc_card_os_free; "none" is right. One at a time: its tables are static.
 * USAGE for an unknown name. */
OC_MUST_USE oc_result core_defect_os(oc_card_os **out, const char *name);

#endif

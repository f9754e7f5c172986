/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_WORDS_H
#define OC_CONFORMANCE_WORDS_H

#include <libintl.h>

/* What the harness says to a person, in English, which stands in the sources, and in the language that the command line
 * has chosen (conformance/cli/po). What programs read is not translated: exported formats, records, ids, the line
 * "N passed, N failed, N skipped". tests/structure/messages.py collects what stands in these two. */
#define OC_WORDS_DOMAIN "onecard"
#define _(text) dgettext(OC_WORDS_DOMAIN, text)
#define N_(text) text

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_WORDS_H
#define OC_CONFORMANCE_CLI_WORDS_H

#include "conformance/words.h"

/* Private to the command line: which language it speaks. */

/* "zh" or "en": what LC_ALL, LC_MESSAGES or LANG say, the first that is set; LANGUAGE before them, as gettext has it,
 * unless they say C or nothing. */
const char *oc_words_language(void);

/* Makes _() and argp speak `language`. The catalogue lies beside the program, built or installed; without it they
 * speak English. No other category of the locale changes. */
void oc_words_speak(const char *language);

/* UTF-8 on this terminal: what LC_ALL, LC_CTYPE or LANG say. */
int oc_words_are_utf8(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/words.h"

#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "sim/base/file.h"

static const char *first_set(const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return value;
        }
    }
    return "";
}

const char *oc_words_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = first_set(names, sizeof names / sizeof names[0]);
    const char *asked = getenv("LANGUAGE");
    bool none = locale[0] == '\0' || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
    const char *decides = none || asked == NULL || asked[0] == '\0' ? locale : asked;
    return strncmp(decides, "zh", 2) == 0 ? "zh" : "en";
}

int oc_words_are_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = first_set(names, sizeof names / sizeof names[0]);
    return strcasestr(locale, "UTF-8") != NULL || strcasestr(locale, "UTF8") != NULL;
}

/* build/<preset>/share/locale, or share/locale beside bin. */
static bool find_catalogues(char folder[PATH_MAX])
{
    static const char *const ways[] = {"share/locale", "../share/locale"};
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0) {
        return false;
    }
    program[len] = '\0';
    const char *home = dirname(program);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char catalogue[PATH_MAX];
        if (oc_is_ok(oc_file_join(folder, PATH_MAX, home, ways[i])) &&
            oc_is_ok(oc_file_join(catalogue, sizeof catalogue, folder, "zh_CN/LC_MESSAGES/onecard.mo")) &&
            access(catalogue, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

void oc_words_speak(const char *language)
{
    char folder[PATH_MAX];
    if (strcmp(language, "zh") != 0 || !find_catalogues(folder)) {
        return;
    }
    /* gettext translates in a locale that the system has; a small system has none but C.UTF-8, where LANGUAGE says
     * what is meant. */
    const char *now = setlocale(LC_MESSAGES, "");
    if (now == NULL || strncmp(now, "zh", 2) != 0) {
        if (setlocale(LC_MESSAGES, "C.UTF-8") == NULL || setenv("LANGUAGE", "zh_CN", 1) != 0) {
            return;
        }
    }
    bindtextdomain(OC_WORDS_DOMAIN, folder);
    bind_textdomain_codeset(OC_WORDS_DOMAIN, "UTF-8");
}

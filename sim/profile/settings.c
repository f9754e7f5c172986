/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/profile/settings.h"

#include <stdlib.h>

enum shape { SHAPE_WORD, SHAPE_NUMBER };

/* Generations 1.0, 2.0, 2.01, 3.0. */
#define GENERATIONS 4

struct setting {
    const char *name;
    enum shape shape;
    const char *allowed; /* words divided by '|', or the upper bound of a number */
    const char *defaults[GENERATIONS];
};

#define EVERYWHERE(value)                                                                                             \
    {                                                                                                                 \
        value, value, value, value                                                                                    \
    }

/* Sources: the rows of the settled differences; sizes are decimal here. The reserved EFs of DF01 are given as
 * "128", read as 0x128 bytes. */
static const struct setting settings[] = {
    {"ssse-ef07-size", SHAPE_NUMBER, "4096", {"768", "1024", "1024", "1024"}},
    /* Some cities' own file; a file that came with the later cards of the second generation (ssc-card 4.2). */
    {"ssse-ef0c", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    {"ssse-ef0d", SHAPE_WORD, "off|on", {"off", "off", "on", "on"}},
    {"df01-ef07-2a", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    {"df01-ef15-58-kind", SHAPE_WORD, "cn|an", EVERYWHERE("cn")},
    {"df01-reserved-size", SHAPE_NUMBER, "1024", EVERYWHERE("296")},
    {"df01-reserved-read", SHAPE_WORD, "free|pin|key", {"pin", "free", "free", "free"}},
    {"df03-ef19-tail", SHAPE_WORD, "off|on", EVERYWHERE("on")},
    {"df03-ef05-60", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    /* How often a template stands in its file: one table repeats what the drivers read once. */
    {"df01-ef15-40-count", SHAPE_NUMBER, "3", EVERYWHERE("1")},
    {"df02-ef05-44-count", SHAPE_NUMBER, "2", EVERYWHERE("1")},
    {"df03-ef06-4a-count", SHAPE_NUMBER, "3", EVERYWHERE("1")},
    {"df03-ef19-79-count", SHAPE_NUMBER, "4", EVERYWHERE("1")},
    {"df04-log-records", SHAPE_NUMBER, "254", {"10", "30", "30", "30"}},
    {"df04-ef06-92-kind", SHAPE_WORD, "b|cn", EVERYWHERE("b")},
    /* Project choice: cards on which the medical basic data are free have been described, none seen. */
    {"df04-free-read", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    /* Directories that not every card has. */
    {"df05", SHAPE_WORD, "off|on", {"off", "on", "on", "on"}},
    {"df06", SHAPE_WORD, "off|on", {"off", "on", "on", "on"}},
    {"df07", SHAPE_WORD, "off|on", {"off", "on", "on", "on"}},
    {"provincial-read", SHAPE_WORD, "pin|key", EVERYWHERE("pin")},
    {"purchase-session", SHAPE_WORD, "terminal-serial|card-sequence", EVERYWHERE("terminal-serial")},
    {"purchase-mac1", SHAPE_WORD, "account|zero", EVERYWHERE("account")},
    /* That the initial PIN does not pay is the driver's rule; a card may enforce it, too. */
    {"initial-pin-pays", SHAPE_WORD, "off|on", EVERYWHERE("on")},
    {"pin-tries", SHAPE_NUMBER, "15", EVERYWHERE("6")},
    {"key-tries", SHAPE_NUMBER, "15", EVERYWHERE("3")},
    {"ssse-name", SHAPE_WORD, "sx1|sx2|sx3|sx1 sx3", {"sx1", "sx1", "sx1", "sx1 sx3"}},
    /* The certificate application came with the third generation (ssc-card 9). */
    {"pki", SHAPE_WORD, "off|on", {"off", "off", "off", "on"}},
    /* What the chip can beside T=0 and short commands (project choices). */
    {"card-t1", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    {"card-extended-length", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    {"card-chaining", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    {"card-contactless", SHAPE_WORD, "off|on", {"off", "off", "off", "on"}},
    {"contactless-write", SHAPE_WORD, "off|on", EVERYWHERE("off")},
    /* The text of SSF33 is not public: a card that is asked for it says so. */
    {"ssf33", SHAPE_WORD, "off|on", EVERYWHERE("off")},
};
_Static_assert(sizeof settings / sizeof settings[0] == OC_SETTINGS_COUNT, "one place a setting");

int oc_setting_index(const char *name)
{
    for (int i = 0; i < OC_SETTINGS_COUNT; i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

const char *oc_setting_name(size_t index)
{
    return settings[index].name;
}

const char *oc_setting_default(size_t index, unsigned generation)
{
    size_t column = generation < 20 ? 0 : generation == 20 ? 1 : generation < 30 ? 2 : 3;
    return settings[index].defaults[column];
}

static bool is_word_of(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, word, len) == 0 && (at[len] == '|' || at[len] == '\0')) {
            return len > 0;
        }
    }
    return false;
}

bool oc_setting_allows(size_t index, const char *value, const char **expected)
{
    const struct setting *setting = &settings[index];
    *expected = setting->allowed;
    if (setting->shape == SHAPE_WORD) {
        return is_word_of(setting->allowed, value);
    }
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 5 || value[digits] != '\0') {
        return false;
    }
    long number = strtol(value, NULL, 10);
    return number >= 1 && number <= strtol(setting->allowed, NULL, 10);
}

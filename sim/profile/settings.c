/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/profile/settings.h"

#include <stdlib.h>

enum shape { SHAPE_WORD, SHAPE_NUMBER };

struct setting {
    const char *name;
    enum shape shape;
    const char *allowed; /* words divided by '|', or the upper bound of a number */
    const char *v1;      /* defaults: generation 1.0, 2.0 and 2.01, 3.0 */
    const char *v2;
    const char *v3;
};

/* Sources: the rows of the settled differences; sizes are decimal here. The reserved EFs of DF01 are given as
 * "128", read as 0x128 bytes. */
static const struct setting settings[] = {
    {"ssse-ef07-size", SHAPE_NUMBER, "4096", "768", "1024", "1024"},
    {"df01-ef07-2a", SHAPE_WORD, "off|on", "off", "off", "off"},
    {"df01-ef15-58-kind", SHAPE_WORD, "cn|an", "cn", "cn", "cn"},
    {"df01-reserved-size", SHAPE_NUMBER, "1024", "296", "296", "296"},
    {"df01-reserved-read", SHAPE_WORD, "free|pin|key", "pin", "free", "free"},
    {"df03-ef19-tail", SHAPE_WORD, "off|on", "on", "on", "on"},
    {"df03-ef05-60", SHAPE_WORD, "off|on", "off", "off", "off"},
    {"df04-log-records", SHAPE_NUMBER, "254", "10", "30", "30"},
    {"df04-ef06-92-kind", SHAPE_WORD, "b|cn", "b", "b", "b"},
    /* Project choice: cards on which the medical basic data are free have been described, none seen. */
    {"df04-free-read", SHAPE_WORD, "off|on", "off", "off", "off"},
    {"provincial-read", SHAPE_WORD, "pin|key", "pin", "pin", "pin"},
    {"purchase-session", SHAPE_WORD, "terminal-serial|card-sequence", "terminal-serial", "terminal-serial",
     "terminal-serial"},
    {"purchase-mac1", SHAPE_WORD, "account|zero", "account", "account", "account"},
    {"pin-tries", SHAPE_NUMBER, "15", "6", "6", "6"},
    {"key-tries", SHAPE_NUMBER, "15", "3", "3", "3"},
    {"ssse-name", SHAPE_WORD, "sx1|sx2|sx3|sx1 sx3", "sx1", "sx1", "sx1 sx3"},
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
    return generation < 20 ? settings[index].v1 : generation < 30 ? settings[index].v2 : settings[index].v3;
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

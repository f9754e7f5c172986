/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/key_table.h"

#include <stdio.h>

#include "sim/terminal/item_table.h"

#define NAME_MAX_LEN 16

static const struct oc_terminal_key *key_of(uint16_t dir, const char *name)
{
    char full[NAME_MAX_LEN];
    if (dir == OC_FID_SSSE) {
        snprintf(full, sizeof full, "SSSE/%s", name);
    } else {
        snprintf(full, sizeof full, "%04X/%s", dir, name);
    }
    return oc_terminal_key_named(oc_span_text(full));
}

unsigned oc_terminal_read_keys(bool first_generation, uint16_t dir, uint8_t ef, const struct oc_terminal_key *keys[2])
{
    const struct oc_file_rule *rule = oc_file_rule_of(first_generation, dir, ef);
    unsigned count = 0;
    while (rule != NULL && count < 2 && rule->read_keys[count] != NULL) {
        keys[count] = key_of(dir, rule->read_keys[count]);
        count++;
    }
    return count;
}

const struct oc_terminal_key *oc_terminal_update_key(bool first_generation, uint16_t dir, uint8_t ef)
{
    const struct oc_file_rule *rule = oc_file_rule_of(first_generation, dir, ef);
    return rule == NULL || rule->update_key == NULL ? NULL : key_of(dir, rule->update_key);
}

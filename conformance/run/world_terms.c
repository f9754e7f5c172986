/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/run/world_internal.h"
#include "sim/base/atr.h"

/* Applicability terms and where their values come from. Names ending in a dot are families. */

typedef bool answer(const oc_world *world, const oc_term *term);

static bool has_dir(const oc_world *world, const char *name)
{
    return oc_profile_dir_named(world->plan.profile, name) != NULL;
}

static bool card_dir(const oc_world *world, const oc_term *term)
{
    char name[sizeof term->name];
    size_t n = 0;
    for (const char *c = term->name + strlen("card."); *c != '\0'; c++) {
        name[n++] = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    }
    name[n] = '\0';
    return has_dir(world, name);
}

static bool card_virtual(const oc_world *world, const oc_term *term)
{
    (void)term;
    return oc_world_card_is_virtual(world);
}

/* Tries may be used up: the virtual card is put back, an expendable one is not missed. */
static bool expendable(const oc_world *world, const oc_term *term)
{
    (void)term;
    return oc_world_card_is_virtual(world) || world->plan.expendable;
}

static bool always(const oc_world *world, const oc_term *term)
{
    (void)world;
    (void)term;
    return true;
}

static bool knows(const oc_world *world, const char *reference)
{
    oc_buf value = {0};
    bool known = oc_is_ok(oc_profile_value(world->plan.profile, reference, &value));
    oc_buf_free(&value);
    return known;
}

static bool record(const oc_world *world, const oc_term *term)
{
    return knows(world, term->argument);
}

static const oc_profile_file *file_named(const oc_world *world, const oc_term *term)
{
    char dir_name[sizeof term->argument];
    snprintf(dir_name, sizeof dir_name, "%s", term->argument);
    char *slash = strchr(dir_name, '/');
    if (slash == NULL) {
        return NULL;
    }
    *slash = '\0';
    const oc_profile_dir *dir = oc_profile_dir_named(world->plan.profile, dir_name);
    for (size_t i = 0; dir != NULL && i < dir->files_count; i++) {
        if (strcmp(dir->files[i].name, slash + 1) == 0) {
            return &dir->files[i];
        }
    }
    return NULL;
}

static bool file(const oc_world *world, const oc_term *term)
{
    return file_named(world, term) != NULL;
}

/* read.RULE(DIR/FILE) and update.RULE(DIR/FILE). */
static bool rule(const oc_world *world, const oc_term *term)
{
    static const char *const words[] = {
        [OC_RULE_FREE] = "free",
        [OC_RULE_PIN] = "pin",
        [OC_RULE_KEY] = "key",
        [OC_RULE_PIN_AND_KEY] = "pin-and-key",
        [OC_RULE_PIN_OR_KEY] = "pin-or-key",
        [OC_RULE_NEVER] = "never",
    };
    const oc_profile_file *found = file_named(world, term);
    if (found == NULL) {
        return false;
    }
    bool reads = strncmp(term->name, "read.", 5) == 0;
    return strcmp(words[reads ? found->read.rule : found->update.rule], strchr(term->name, '.') + 1) == 0;
}

static bool key(const oc_world *world, const oc_term *term)
{
    oc_key_name name;
    return oc_is_ok(oc_key_name_parse(&name, term->argument)) && oc_key_provider_has(&world->keys, &name);
}

static bool pin(const oc_world *world, const oc_term *term)
{
    (void)term;
    return knows(world, "pin");
}

static bool psam(const oc_world *world, const oc_term *term)
{
    (void)term;
    return world->psam_link != NULL;
}

static bool psam_virtual(const oc_world *world, const oc_term *term)
{
    (void)term;
    return world->psam != NULL;
}

/* What the profile says of the PSAM, where there is one. */
static bool psam_fact(const oc_world *world, const oc_term *term)
{
    const oc_profile_psam *fact = oc_profile_psam_of(world->plan.profile);
    const char *name = term->name + strlen("psam.");
    if (world->psam_link == NULL || !fact->known) {
        return false;
    }
    return strcmp(name, "3des") == 0  ? fact->has_3des
           : strcmp(name, "sm4") == 0 ? fact->has_sm4
           : strcmp(name, "pin") == 0 ? fact->pin.len != 0
                                      : false;
}

static bool psam_tries(const oc_world *world, const oc_term *term)
{
    char tries[4];
    snprintf(tries, sizeof tries, "%u", oc_profile_psam_of(world->plan.profile)->mac2_tries);
    return world->psam_link != NULL && strcmp(term->name + strlen("psam.mac2-tries."), tries) == 0;
}

/* psam.usage.48(SSSE/UK): the PSAM holds the key's partner under that usage. */
static bool psam_usage(const oc_world *world, const oc_term *term)
{
    oc_key_name name;
    char usage[3];
    if (world->psam_link == NULL || !oc_is_ok(oc_key_name_parse(&name, term->argument))) {
        return false;
    }
    const oc_profile_dir *dir = oc_profile_dir_named(world->plan.profile, name.dir);
    for (size_t i = 0; dir != NULL && i < dir->keys_count; i++) {
        const oc_profile_key *key = &dir->keys[i];
        if (strcmp(key->name.name, name.name) == 0 && key->name.version == name.version) {
            snprintf(usage, sizeof usage, "%02X", oc_profile_psam_usage(oc_profile_psam_of(world->plan.profile), key));
            return strcmp(term->name + strlen("psam.usage."), usage) == 0;
        }
    }
    return false;
}

static bool terminal_has(const oc_world *world, const oc_term *term)
{
    return oc_world_terminal_offers(world, term->argument);
}

static bool terminal_virtual(const oc_world *world, const oc_term *term)
{
    (void)term;
    return oc_world_dut(world) == NULL;
}

static bool two_callers(const oc_world *world, const oc_term *term)
{
    const oc_terminal_dut *dut = oc_world_dut(world);
    bool threads = strcmp(term->name, "terminal.two-threads") == 0;
    return dut != NULL && oc_terminal_dut_can_beside(dut, threads ? OC_BESIDE_THREAD : OC_BESIDE_PROCESS);
}

static bool host_virtual(const oc_world *world, const oc_term *term)
{
    (void)term;
    return oc_world_host_is_virtual(world);
}

/* As its manifest declares; iReadCardBas has 11 items where nothing is said. */
static bool terminal_eleven_items(const oc_world *world, const oc_term *term)
{
    const oc_fields none = {0};
    oc_fields said = {0};
    oc_breach breach;
    (void)term;
    oc_terminal_dut *dut = oc_world_dut(world);
    bool is_told = dut != NULL &&
                   oc_is_ok(oc_terminal_dut_call(dut, OC_TERMINAL_DESCRIBE, &none, &said, &breach, NULL));
    bool is_nine = is_told && oc_fields_span(&said, "departure-items").len > 0;
    oc_fields_free(&said);
    return !is_nine;
}

static bool terminal_hsm(const oc_world *world, const oc_term *term)
{
    (void)term;
    return oc_world_terminal_offers(world, "iReadCardBas_HSM_Step1");
}

static bool via(const oc_world *world, const oc_term *term)
{
    return strcmp(oc_world_via(world), term->name + strlen("via.")) == 0;
}

static bool issuer(const oc_world *world, const oc_term *term)
{
    (void)term;
    return oc_profile_can_issue(world->plan.profile);
}

static bool alg(const oc_world *world, const oc_term *term)
{
    bool sm4 = oc_profile_alg(world->plan.profile) == OC_ALG_SM4;
    return strcmp(term->name, "alg.sm4") == 0 ? sm4 : !sm4;
}

static bool generation(const oc_world *world, const oc_term *term)
{
    char text[16];
    snprintf(text, sizeof text, "generation.%u", oc_profile_generation(world->plan.profile));
    return strcmp(text, term->name) == 0;
}

static bool raw_tpdu(const oc_world *world, const oc_term *term)
{
    (void)term;
    return world->traits.raw_tpdu && world->protocol == OC_PROTOCOL_T0;
}

static bool short_commands(const oc_world *world, const oc_term *term)
{
    (void)term;
    return world->traits.short_commands;
}

static bool can_be_torn(const oc_world *world, const oc_term *term)
{
    const oc_fault *fault = strcmp(term->name, "psam.tear") == 0 ? &world->psam_fault : &world->card_fault;
    return fault->tearing.arm != NULL;
}

static bool whole_commands(const oc_world *world, const oc_term *term)
{
    (void)term;
    return world->protocol == OC_PROTOCOL_T1;
}

static bool contactless(const oc_world *world, const oc_term *term)
{
    (void)term;
    return oc_atr_is_contactless(oc_buf_span(&world->atr));
}

/* setting.NAME: the value is "yes" or "on"; setting.NAME.VALUE: the value is VALUE. */
static bool setting(const oc_world *world, const oc_term *term)
{
    char name[sizeof term->name];
    snprintf(name, sizeof name, "%s", term->name + strlen("setting."));
    const char *value = oc_profile_setting(world->plan.profile, name);
    if (value != NULL) {
        return strcmp(value, "yes") == 0 || strcmp(value, "on") == 0;
    }
    char *dot = strrchr(name, '.');
    if (dot == NULL) {
        return false;
    }
    *dot = '\0';
    value = oc_profile_setting(world->plan.profile, name);
    return value != NULL && strcmp(value, dot + 1) == 0;
}

static const struct {
    const char *name; /* a name, or a family that ends in a dot */
    bool with_argument;
    answer *answer;
} terms[] = {
    {"card.virtual", false, card_virtual},
    {"card.issued", false, always},
    {"card.", false, card_dir},
    {"record", true, record},
    {"file", true, file},
    {"read.", true, rule},
    {"update.", true, rule},
    {"key", true, key},
    {"profile.pin", false, pin},
    {"psam", false, psam},
    {"psam.virtual", false, psam_virtual},
    {"psam.3des", false, psam_fact},
    {"psam.sm4", false, psam_fact},
    {"psam.pin", false, psam_fact},
    {"psam.mac2-tries.", false, psam_tries},
    {"psam.usage.", true, psam_usage},
    {"terminal", false, always},
    {"terminal.virtual", false, terminal_virtual},
    {"terminal.eleven-items", false, terminal_eleven_items},
    {"terminal.hsm", false, terminal_hsm},
    {"terminal.two-threads", false, two_callers},
    {"terminal.two-processes", false, two_callers},
    {"terminal.has", true, terminal_has},
    {"via.", false, via},
    {"host.ledger", false, always},
    {"host.medical", false, always},
    {"host.virtual", false, host_virtual},
    {"issuer", false, issuer},
    {"alg.3des", false, alg},
    {"alg.sm4", false, alg},
    {"generation.", false, generation},
    {"link.raw-tpdu", false, raw_tpdu},
    {"link.short-commands", false, short_commands},
    {"link.any-interface", false, always},
    {"link.t1", false, whole_commands},
    {"link.extended-length", false, whole_commands},
    {"link.contactless", false, contactless},
    {"link.tear", false, can_be_torn},
    {"psam.tear", false, can_be_torn},
    {"setting.", false, setting},
    {"run.expendable", false, expendable},
};

oc_result oc_world_term(void *context, const oc_term *term, bool *value)
{
    const oc_world *world = context;
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        size_t len = strlen(terms[i].name);
        bool family = terms[i].name[len - 1] == '.';
        bool same = family ? strncmp(term->name, terms[i].name, len) == 0 : strcmp(term->name, terms[i].name) == 0;
        if (same && terms[i].with_argument == (term->argument[0] != '\0')) {
            *value = terms[i].answer(world, term);
            return oc_ok();
        }
    }
    return oc_fail(OC_E_NOT_FOUND);
}

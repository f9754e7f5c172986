/* SPDX-License-Identifier: Apache-2.0 */
/* Fingerprints of what is meant to be right: by them a later run knows that the card accepted the same before. */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/run/restore_keys.h"
#include "conformance/run/world_internal.h"
#include "sim/base/file.h"

#define ANY_ID 256u
#define PROFILE_MAX ((size_t)1024 * 1024)

/* A PIN is short: its fingerprint is that of the whole profile that it stands in, and tells nothing of it. */
static bool profile_proof(oc_world *world, uint8_t proof[OC_GUARD_PROOF])
{
    oc_buf profile = {0};
    uint8_t digest[32];
    bool read = oc_is_ok(oc_file_read(&profile, oc_profile_path(world->plan.profile), PROFILE_MAX, NULL)) &&
                oc_is_ok(oc_sha256(world->terminal_crypto, oc_buf_span(&profile), digest));
    if (read) {
        memcpy(proof, digest, OC_GUARD_PROOF);
    }
    oc_buf_free(&profile);
    return read;
}

static bool is_profile_pin(const oc_world *world, oc_span secret)
{
    oc_buf pin = {0};
    bool same = oc_is_ok(oc_profile_value(world->plan.profile, "pin", &pin)) &&
                oc_span_equal(oc_buf_span(&pin), secret);
    oc_buf_free(&pin);
    return same;
}

/* The profile's key that the reference means; version 0 its first. */
static const oc_profile_key *key_of(const oc_world *world, oc_guard_reference reference)
{
    char name[8] = "SSSE";
    unsigned dir_number = reference >> 16 & 0x0F;
    unsigned id = reference >> 8 & 0xFF;
    unsigned version = reference & 0xFF;
    bool stk = reference >> 24 == OC_GUARD_KIND_MAINTENANCE;
    if ((reference >> 20 & 0x0F) == OC_GUARD_PKI) {
        snprintf(name, sizeof name, "%s", dir_number > 0 ? "CERT" : "PKI");
    } else if (dir_number > 0) {
        snprintf(name, sizeof name, "DF%02u", dir_number);
    }
    const oc_profile_dir *dir = oc_profile_dir_named(world->plan.profile, name);
    for (size_t i = 0; dir != NULL && i < dir->keys_count; i++) {
        const oc_profile_key *key = &dir->keys[i];
        bool external = key->kind == OC_KEY_KIND_EXTERNAL || key->kind == OC_KEY_KIND_MASTER;
        bool meant = stk ? key->kind == OC_KEY_KIND_MAINTENANCE : external && key->id == id;
        if (meant && (version == 0 || key->name.version == version)) {
            return key;
        }
    }
    return NULL;
}

/* What the key makes of zeros under its session key for zeros, and of that no more than a digest. */
static bool key_proof(oc_world *world, oc_guard_reference reference, uint8_t proof[OC_GUARD_PROOF])
{
    static const enum oc_key_use uses[] = {OC_KEY_ENCIPHER, OC_KEY_MAC};
    static const uint8_t zeros[16];
    const oc_profile_key *key = key_of(world, reference);
    for (size_t i = 0; key != NULL && i < sizeof uses / sizeof uses[0]; i++) {
        const oc_key_question question = {.use = uses[i],
                                          .key = key->name,
                                          .session = oc_span_of(zeros, 8),
                                          .data = oc_span_of(zeros, oc_alg_block(key->alg))};
        uint8_t block[32];
        uint8_t digest[32];
        oc_wr answer = oc_wr_of(block, sizeof block);
        if (oc_is_ok(oc_key_provider_answer(&world->keys, &question, &answer, NULL)) &&
            oc_is_ok(oc_sha256(world->terminal_crypto, oc_wr_span(&answer), digest))) {
            memcpy(proof, digest, OC_GUARD_PROOF);
            return true;
        }
    }
    return false;
}

bool oc_world_prove(void *context, const oc_presentation *presentation, uint8_t proof[OC_GUARD_PROOF])
{
    oc_world *world = context;
    unsigned kind = presentation->reference >> 24;
    if (presentation->reference == OC_GUARD_PIN) {
        return presentation->change.len == 0 && is_profile_pin(world, presentation->secret) &&
               profile_proof(world, proof);
    }
    if (kind == OC_GUARD_KIND_PIN) {
        return presentation->change.len == 0 && profile_proof(world, proof);
    }
    return (kind == OC_GUARD_KIND_EXTERNAL || kind == OC_GUARD_KIND_MAINTENANCE) &&
           key_proof(world, presentation->reference, proof);
}

/* The PIN of that id in a directory; the environment of certificates has two. */
static unsigned pin_limit(const oc_world *world, const char *dir_name, unsigned id)
{
    const oc_profile_dir *dir = oc_profile_dir_named(world->plan.profile, dir_name);
    for (size_t i = 0; dir != NULL && i < dir->keys_count; i++) {
        if (dir->keys[i].kind == OC_KEY_KIND_PIN && (id == ANY_ID || dir->keys[i].id == id)) {
            return dir->keys[i].tries;
        }
    }
    return 0;
}

static unsigned limit_of(const oc_world *world, oc_guard_reference reference)
{
    bool pki = (reference >> 20 & 0x0F) == OC_GUARD_PKI;
    if (reference >> 24 == OC_GUARD_KIND_PIN) {
        return pki ? pin_limit(world, "CERT", reference >> 8 & 0xFF) : pin_limit(world, "SSSE", ANY_ID);
    }
    const oc_profile_key *key = key_of(world, reference);
    return key == NULL ? 0 : key->tries;
}

unsigned oc_world_limit(void *context, oc_guard_reference reference)
{
    return limit_of(context, reference);
}

#define TRIES_TO_RESTORE 4 /* a try may go when power fails, and the next is to find three */

static oc_result check_tries(void *context, const oc_key_name *name, oc_diag *diag)
{
    const oc_world *world = context;
    const oc_profile_dir *dir = oc_profile_dir_named(world->plan.profile, name->dir);
    unsigned number = strncmp(name->dir, "DF", 2) == 0 ? (unsigned)strtoul(name->dir + 2, NULL, 10) & 0x0F : 0;
    for (size_t i = 0; dir != NULL && i < dir->keys_count; i++) {
        const oc_profile_key *key = &dir->keys[i];
        bool stk = key->kind == OC_KEY_KIND_MAINTENANCE;
        if (strcmp(key->name.name, name->name) != 0 || key->name.version != name->version) {
            continue;
        }
        oc_presentation right = {
            .reference = stk ? OC_GUARD_REFERENCE(OC_GUARD_KIND_MAINTENANCE, OC_GUARD_SSSE, number, 0, 0)
                             : OC_GUARD_REFERENCE(OC_GUARD_KIND_EXTERNAL, OC_GUARD_SSSE, number, key->id, 0),
            .limit = key->tries};
        if (key->tries != 0 && oc_guard_worst(&world->watch.guard, &right) < TRIES_TO_RESTORE) {
            return oc_diag_fail(diag, OC_E_UNAVAILABLE,
                                "not begun: key %s/%s has few tries, and the card could stay changed if power failed "
                                "(see --allow records)",
                                name->dir, name->name);
        }
    }
    return oc_ok();
}

/* The PIN that a restore step verifies: 00 20 00 00 in the SSSE, 00 20 01 P2 where certificates are. */
static oc_result check_pin_tries(const oc_world *world, const oc_case *subject, oc_diag *diag)
{
    for (size_t i = 0; i < subject->restore_count; i++) {
        const oc_step *step = &subject->restore[i];
        if (step->kind != OC_STEP_APDU || step->ins.source == NULL || strcmp(step->ins.source, "20") != 0) {
            continue;
        }
        bool pki = step->p1.source != NULL && strcmp(step->p1.source, "01") == 0;
        unsigned id = pki && step->p2.source != NULL ? (unsigned)strtoul(step->p2.source, NULL, 16) & 0xFF : 0;
        oc_presentation right = {.reference = pki ? OC_GUARD_REFERENCE(OC_GUARD_KIND_PIN, OC_GUARD_PKI, 1, id, 0)
                                                  : OC_GUARD_PIN};
        right.limit = limit_of(world, right.reference);
        if (oc_guard_worst(&world->watch.guard, &right) < TRIES_TO_RESTORE) {
            return oc_diag_fail(
                diag, OC_E_UNAVAILABLE,
                "not begun: the PIN has few tries, and the card could stay changed if power failed (see "
                "--allow records)");
        }
    }
    return oc_ok();
}

oc_result oc_world_check_restore(oc_world *world, const oc_case *subject, oc_diag *diag)
{
    bool spares = world->plan.card->kind != OC_SPEC_VIRTUAL && !world->plan.expendable &&
                  (subject->touches & ~world->plan.allowed & OC_TOUCH_RECORDS) != 0;
    OC_TRY(oc_restore_keys_check(subject, &world->keys, diag));
    if (!spares) {
        return oc_ok();
    }
    OC_TRY(oc_restore_keys_visit(subject, check_tries, world, diag));
    return check_pin_tries(world, subject, diag);
}

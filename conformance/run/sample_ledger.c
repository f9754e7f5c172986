/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/sample_ledger.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/atr.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"

#define LEDGER_MAX_BYTES ((size_t)64 * 1024)

struct oc_sample_ledger {
    char path[PATH_MAX];
    oc_buf written; /* what the file holds */
};

static oc_result find_folder(char out[PATH_MAX], oc_diag *diag)
{
    const char *told = getenv("ONECARD_LEDGER");
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (told != NULL && told[0] != '\0') {
        return oc_file_join(out, PATH_MAX, "", told);
    }
    if (state != NULL && state[0] == '/') {
        return oc_file_join(out, PATH_MAX, state, "onecard/ledger");
    }
    if (home != NULL && home[0] == '/') {
        return oc_file_join(out, PATH_MAX, home, ".local/state/onecard/ledger");
    }
    return oc_diag_fail(diag, OC_E_USAGE, "no place for the ledger of this card's tries: set ONECARD_LEDGER or HOME");
}

static oc_result not_a_line(const oc_sample_ledger *ledger, long number, oc_diag *diag)
{
    return oc_diag_fail_at(diag, OC_E_IO, ledger->path, number, "no line of a ledger; look at it, then delete it");
}

static bool take_number(const char **at, int base, unsigned long most, unsigned long *out)
{
    char *end = NULL;
    *out = strtoul(*at, &end, base);
    bool fits = end != *at && **at != '-' && **at != '+' && **at != ' ' && *out <= most;
    *at = *end == ' ' ? end + 1 : end;
    return fits;
}

/* "used LOADS DEBITS" */
static bool take_use(const char *line, oc_guard *guard)
{
    unsigned long loads = 0;
    unsigned long debits = 0;
    line += strlen("used ");
    bool fits = take_number(&line, 10, UINT32_MAX, &loads) && take_number(&line, 10, UINT32_MAX, &debits) &&
                *line == '\0';
    guard->loads = (uint32_t)loads;
    guard->debits = (uint32_t)debits;
    return fits;
}

/* "REFERENCE LEFT SPENT PROOF", with - for what is not known. */
static bool take_line(const char *line, oc_guard *guard)
{
    unsigned long reference;
    unsigned long left = 0;
    unsigned long spent;
    if (strncmp(line, "used ", strlen("used ")) == 0) {
        return take_use(line, guard);
    }
    if (!take_number(&line, 16, UINT32_MAX, &reference) || reference == OC_GUARD_NONE ||
        oc_guard_find(guard, (oc_guard_reference)reference) != NULL) {
        return false;
    }
    bool known = strncmp(line, "- ", 2) != 0;
    if (known ? !take_number(&line, 10, 15, &left) : false) {
        return false;
    }
    line += known ? 0 : 2;
    if (!take_number(&line, 10, UINT32_MAX, &spent)) {
        return false;
    }
    oc_buf proof = {0};
    bool has_proof = strcmp(line, "-") != 0;
    bool fits = !has_proof || (oc_is_ok(oc_hex_decode(&proof, line, strlen(line))) && proof.len == OC_GUARD_PROOF);
    oc_guard_entry *entry = fits ? oc_guard_entry_of(guard, (oc_guard_reference)reference) : NULL;
    if (entry != NULL) {
        entry->known = known;
        entry->left = (uint8_t)left;
        entry->spent = (uint32_t)spent;
        entry->has_proof = has_proof;
        if (has_proof) {
            memcpy(entry->proof, proof.at, OC_GUARD_PROOF);
        }
    }
    oc_buf_free(&proof);
    return entry != NULL;
}

static oc_result take_lines(const oc_sample_ledger *ledger, oc_guard *guard, oc_diag *diag)
{
    long number = 1;
    oc_rd rd = oc_rd_of(oc_buf_span(&ledger->written));
    while (rd.rest.len > 0) {
        const uint8_t *newline = memchr(rd.rest.at, '\n', rd.rest.len);
        char line[80] = "";
        size_t len = newline == NULL ? 0 : (size_t)(newline - rd.rest.at);
        if (newline == NULL || len >= sizeof line) {
            return not_a_line(ledger, number, diag);
        }
        memcpy(line, oc_rd_bytes(&rd, len + 1).at, len);
        if (memchr(line, '\0', len) != NULL || !take_line(line, guard)) {
            return not_a_line(ledger, number, diag);
        }
        number++;
    }
    return oc_ok();
}

oc_result oc_sample_ledger_open(oc_sample_ledger **out, oc_span atr, oc_guard *guard, oc_diag *diag)
{
    *out = NULL;
    char folder[PATH_MAX];
    char name[80];
    oc_span historical;
    bool named = oc_atr_historical(atr, &historical) && historical.len >= OC_ATR_FACTOR;
    oc_hex_encode(name, sizeof name, named ? historical : atr);
    OC_TRY(find_folder(folder, diag));
    OC_TRY(oc_file_make_folder(folder, diag));
    oc_sample_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_file_join(ledger->path, sizeof ledger->path, folder, name);
    if (oc_is_ok(r) && access(ledger->path, F_OK) == 0) {
        r = oc_file_read(&ledger->written, ledger->path, LEDGER_MAX_BYTES, diag);
    }
    if (oc_is_ok(r)) {
        r = take_lines(ledger, guard, diag);
    }
    if (!oc_is_ok(r)) {
        oc_sample_ledger_free(&ledger);
    }
    *out = ledger;
    return r;
}

static oc_result write_line(oc_buf *text, const oc_guard_entry *entry)
{
    char left[4] = "-";
    char proof[2 * OC_GUARD_PROOF + 1] = "-";
    char line[80];
    if (entry->known) {
        snprintf(left, sizeof left, "%u", entry->left);
    }
    if (entry->has_proof) {
        oc_hex_encode(proof, sizeof proof, oc_span_of(entry->proof, sizeof entry->proof));
    }
    snprintf(line, sizeof line, "%08" PRIX32 " %s %" PRIu32 " %s\n", entry->reference, left, entry->spent, proof);
    return oc_buf_append(text, oc_span_text(line));
}

static oc_result write_all(oc_buf *text, const oc_guard *guard)
{
    for (size_t i = 0; i < guard->count; i++) {
        OC_TRY(write_line(text, &guard->at[i]));
    }
    if (guard->loads == 0 && guard->debits == 0) {
        return oc_ok();
    }
    char line[48];
    snprintf(line, sizeof line, "used %" PRIu32 " %" PRIu32 "\n", guard->loads, guard->debits);
    return oc_buf_append(text, oc_span_text(line));
}

oc_result oc_sample_ledger_keep(oc_sample_ledger *ledger, const oc_guard *guard, oc_diag *diag)
{
    oc_buf text = {0};
    oc_result r = write_all(&text, guard);
    if (oc_is_ok(r) && !oc_span_equal(oc_buf_span(&text), oc_buf_span(&ledger->written))) {
        r = oc_file_replace(ledger->path, oc_buf_span(&text), diag);
        if (oc_is_ok(r)) {
            r = oc_buf_set(&ledger->written, oc_buf_span(&text));
        }
    }
    oc_buf_free(&text);
    return r;
}

const char *oc_sample_ledger_path(const oc_sample_ledger *ledger)
{
    return ledger->path;
}

void oc_sample_ledger_free(oc_sample_ledger **ledger)
{
    if (*ledger != NULL) {
        oc_buf_free(&(*ledger)->written);
        free(*ledger);
        *ledger = NULL;
    }
}

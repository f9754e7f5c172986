/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/witness.h"

#include <stdlib.h>

struct oc_witness {
    oc_arena arena; /* of the bytes; wipes them */
    oc_raw_exchange *at;
    size_t count, room;
    size_t bytes;
    size_t step;
    bool cut;
};

oc_result oc_witness_new(oc_witness **out)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

void oc_witness_free(oc_witness **witness)
{
    if (*witness != NULL) {
        oc_arena_free(&(*witness)->arena);
        free((*witness)->at);
        free(*witness);
    }
    *witness = NULL;
}

void oc_witness_step(oc_witness *witness, size_t step)
{
    if (witness != NULL) {
        witness->step = step;
    }
}

static bool has_room(oc_witness *witness, size_t bytes)
{
    if (witness->count == OC_WITNESS_EXCHANGES_MAX || bytes > OC_WITNESS_BYTES_MAX - witness->bytes) {
        return false;
    }
    if (witness->count == witness->room) {
        size_t room = witness->room == 0 ? 64 : witness->room * 2;
        oc_raw_exchange *grown = realloc(witness->at, room * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        witness->at = grown;
        witness->room = room;
    }
    return true;
}

void oc_witness_note(oc_witness *witness, const char *actor, const oc_exchange *exchange)
{
    if (witness == NULL || witness->cut) {
        return; /* what comes behind a gap would only mislead */
    }
    size_t bytes = exchange->command.len + exchange->response.len;
    if (!has_room(witness, bytes)) {
        witness->cut = true;
        return;
    }
    oc_raw_exchange *noted = &witness->at[witness->count];
    *noted = (oc_raw_exchange){.actor = strcmp(actor, "psam") == 0 ? OC_PATTERN_PSAM : OC_PATTERN_CARD,
                               .is_reset = exchange->is_reset,
                               .reset = exchange->reset,
                               .failed = exchange->failed,
                               .begin_ns = exchange->begin_ns,
                               .end_ns = exchange->end_ns,
                               .step = witness->step};
    noted->command.bytes = oc_arena_bytes(&witness->arena, exchange->command);
    noted->response.bytes = oc_arena_bytes(&witness->arena, exchange->failed ? oc_span_empty() : exchange->response);
    size_t kept = noted->command.bytes.len + noted->response.bytes.len;
    witness->cut = kept < exchange->command.len + (exchange->failed ? 0 : exchange->response.len);
    witness->count += witness->cut ? 0 : 1;
    witness->bytes += bytes;
}

const oc_raw_exchange *oc_witness_exchanges(const oc_witness *witness, size_t *count)
{
    *count = witness == NULL ? 0 : witness->count;
    return witness == NULL ? NULL : witness->at;
}

bool oc_witness_is_cut(const oc_witness *witness)
{
    return witness != NULL && witness->cut;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The seam at the virtual card and PSAM: their endpoints, and what happens to the chips behind. */
#include <pthread.h>
#include <stdlib.h>

#include "sim/issuer/issuer.h"
#include "tests/mutants/frame/making.h"
#include "tests/mutants/frame/mutant.h"

MUTANT_WRAPS(oc_endpoint, oc_card_endpoint, oc_card *card);
MUTANT_WRAPS(oc_result, oc_card_image_put, oc_card *card, const oc_card_image *image);
MUTANT_WRAPS(void, oc_card_free, oc_card **card);

/* Workers make and free cards at the same time; a chip itself belongs to one worker. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static struct mutant_chip *chips;

static struct mutant_chip **place_of(const oc_card *card)
{
    struct mutant_chip **at = &chips;
    while (*at != NULL && (*at)->card != card) {
        at = &(*at)->next;
    }
    return at;
}

static struct mutant_chip *chip_of(oc_card *card, bool made)
{
    pthread_mutex_lock(&turn);
    struct mutant_chip **at = place_of(card);
    if (*at == NULL && made) {
        *at = calloc(1, sizeof **at);
        if (*at == NULL) {
            abort();
        }
        (*at)->card = card;
        (*at)->inner = __real_oc_card_endpoint(card);
    }
    struct mutant_chip *chip = *at;
    pthread_mutex_unlock(&turn);
    return chip;
}

void mutant_note_psam(oc_card *psam)
{
    chip_of(psam, true)->is_psam = true;
}

oc_result mutant_pass(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return chip->inner.exchange(chip->inner.self, command, response);
}

oc_result mutant_pass_altered(struct mutant_chip *chip, oc_span command, size_t at, uint8_t value, oc_wr *response)
{
    uint8_t bytes[OC_CARD_LONG_MAX + 16];
    oc_wr altered = oc_wr_of(bytes, sizeof bytes);
    oc_wr_bytes(&altered, command);
    if (altered.bad || at >= altered.len) {
        return mutant_pass(chip, command, response);
    }
    bytes[at] = value;
    return mutant_pass(chip, oc_wr_span(&altered), response);
}

oc_result mutant_pass_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    return chip->inner.reset(chip->inner.self, kind, atr);
}

/* Whether the chosen mutant is one of this kind of chip: card mutants begin so, and so on. */
static bool concerns(const struct mutant *mutant, const struct mutant_chip *chip)
{
    return mutant != NULL && !mutant_making() && strncmp(mutant->id, chip->is_psam ? "psam." : "card.", 5) == 0;
}

static enum mutant_actor enter(const struct mutant_chip *chip)
{
    enum mutant_actor actor = chip->is_psam ? MUTANT_PSAM : MUTANT_CARD;
    return mutant_enter(mutant_making() ? MUTANT_HARNESS : actor);
}

static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct mutant_chip *chip = self;
    const struct mutant *mutant = mutant_chosen();
    enum mutant_actor before = enter(chip);
    bool is_wrapped = concerns(mutant, chip) && mutant->reset != NULL;
    oc_result r = is_wrapped ? mutant->reset(chip, kind, atr) : mutant_pass_reset(chip, kind, atr);
    chip->session = (struct mutant_memory){0};
    chip->ins = 0;
    mutant_leave(before);
    return r;
}

static oc_result exchange(void *self, oc_span command, oc_wr *response)
{
    struct mutant_chip *chip = self;
    const struct mutant *mutant = mutant_chosen();
    enum mutant_actor before = enter(chip);
    uint8_t ins = mutant_byte(command, 1);
    chip->ins = ins == INS_GET_RESPONSE ? chip->ins : ins;
    bool is_wrapped = concerns(mutant, chip) && mutant->exchange != NULL;
    oc_result r = is_wrapped ? mutant->exchange(chip, command, response) : mutant_pass(chip, command, response);
    mutant_leave(before);
    return r;
}

oc_endpoint __wrap_oc_card_endpoint(oc_card *card)
{
    return (oc_endpoint){chip_of(card, true), reset, exchange};
}

oc_result __wrap_oc_card_image_put(oc_card *card, const oc_card_image *image)
{
    struct mutant_chip *chip = chip_of(card, false);
    if (chip != NULL) {
        chip->session = (struct mutant_memory){0};
        chip->lasting = (struct mutant_memory){0};
    }
    return __real_oc_card_image_put(card, image);
}

void __wrap_oc_card_free(oc_card **card)
{
    pthread_mutex_lock(&turn);
    struct mutant_chip **at = card == NULL || *card == NULL ? NULL : place_of(*card);
    if (at != NULL && *at != NULL) {
        struct mutant_chip *gone = *at;
        *at = gone->next;
        free(gone);
    }
    pthread_mutex_unlock(&turn);
    __real_oc_card_free(card);
}

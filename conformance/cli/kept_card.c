/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/kept_card.h"

#include <unistd.h>

#include "sim/base/file.h"

static oc_result save(oc_kept_card *kept, oc_diag *diag)
{
    oc_card_image *image = NULL;
    uint64_t written = oc_card_written(kept->card);
    OC_TRY(oc_card_image_take(&image, kept->card));
    oc_result r = oc_card_image_save(image, kept->path, diag);
    oc_card_image_free(&image);
    if (oc_is_ok(r)) {
        kept->written = written;
    }
    return r;
}

static oc_result save_changes(oc_kept_card *kept)
{
    return oc_card_written(kept->card) == kept->written ? oc_ok() : save(kept, &kept->diag);
}

static oc_result kept_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    oc_kept_card *kept = self;
    oc_endpoint card = oc_card_endpoint(kept->card);
    OC_TRY(card.reset(card.self, kind, atr));
    return save_changes(kept);
}

static oc_result kept_exchange(void *self, oc_span command, oc_wr *response)
{
    oc_kept_card *kept = self;
    oc_endpoint card = oc_card_endpoint(kept->card);
    OC_TRY(card.exchange(card.self, command, response));
    return save_changes(kept);
}

oc_endpoint oc_kept_card_endpoint(oc_kept_card *kept)
{
    return (oc_endpoint){kept, kept_reset, kept_exchange};
}

static oc_result read_atr(oc_card *card, uint8_t room[OC_ATR_MAX], oc_span *atr)
{
    oc_endpoint endpoint = oc_card_endpoint(card);
    oc_wr wr = oc_wr_of(room, OC_ATR_MAX);
    OC_TRY(endpoint.reset(endpoint.self, OC_RESET_COLD, &wr));
    *atr = oc_wr_span(&wr);
    return oc_ok();
}

static oc_result load(oc_kept_card *kept, oc_diag *diag)
{
    uint8_t own_room[OC_ATR_MAX];
    uint8_t room[OC_ATR_MAX];
    oc_span own;
    oc_span atr;
    oc_card_image *image = NULL;
    OC_TRY(read_atr(kept->card, own_room, &own));
    OC_TRY(oc_card_image_load(&image, kept->path, diag));
    oc_result r = oc_card_image_put(kept->card, image);
    oc_card_image_free(&image);
    bool same = oc_is_ok(r) && oc_is_ok(read_atr(kept->card, room, &atr)) && oc_span_equal(atr, own);
    if (!same) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, kept->path, 0,
                               "this is the image of another card than the profile's");
    }
    kept->written = oc_card_written(kept->card);
    return oc_ok();
}

oc_result oc_kept_card_open(oc_kept_card *kept, oc_card *card, const char *path, oc_diag *diag)
{
    *kept = (oc_kept_card){.card = card};
    OC_TRY(oc_file_join(kept->path, sizeof kept->path, "", path));
    return access(kept->path, F_OK) == 0 ? load(kept, diag) : save(kept, diag);
}

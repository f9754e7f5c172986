/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ecard/qr.h"

#include <errno.h>
#include <stdio.h>

#include <qrencode.h>

#define QUIET 4
#define SCALE_MAX 32

static bool is_dark(const QRcode *code, int x, int y)
{
    return x >= 0 && y >= 0 && x < code->width && y < code->width && (code->data[y * code->width + x] & 1) != 0;
}

static oc_result draw(oc_buf *out, const QRcode *code, int scale)
{
    int side = (code->width + 2 * QUIET) * scale;
    char head[48];
    snprintf(head, sizeof head, "P1\n%d %d\n", side, side);
    OC_TRY(oc_buf_append(out, oc_span_text(head)));
    OC_TRY(oc_buf_reserve(out, out->len + (size_t)side * ((size_t)side + 1)));
    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
            OC_TRY(oc_buf_append_byte(out, is_dark(code, x / scale - QUIET, y / scale - QUIET) ? '1' : '0'));
        }
        OC_TRY(oc_buf_append_byte(out, '\n'));
    }
    return oc_ok();
}

oc_result oc_qr_draw(oc_buf *out, const char *text, unsigned scale, oc_diag *diag)
{
    oc_buf_clear(out);
    if (scale == 0 || scale > SCALE_MAX) {
        return oc_diag_fail(diag, OC_E_USAGE, "a module has 1 to %d pixels", SCALE_MAX);
    }
    errno = 0;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return oc_diag_fail(diag, errno == ENOMEM ? OC_E_MEMORY : OC_E_LIMIT, "no QR code holds this text");
    }
    oc_result r = draw(out, code, (int)scale);
    QRcode_free(code);
    return r;
}

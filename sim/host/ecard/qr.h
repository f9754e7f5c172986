/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_ECARD_QR_H
#define OC_HOST_ECARD_QR_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a code is drawn. X(NAME, word, media type) */
#define OC_QR_FORMS(X)                                                                                                \
    X(PBM, "pbm", "image/x-portable-bitmap")     /* portable bitmap, P1 */                                            \
    X(PNG, "png", "image/png")                   /* greyscale, by libpng */                                           \
    X(SVG, "svg", "image/svg+xml")               /* one path, units of a module */                                    \
    X(TEXT, "text", "text/plain; charset=utf-8") /* two rows of modules a line, for terminals with a dark ground */

enum oc_qr_form {
#define OC_QR_FORM_ENUM(name, word, type) OC_QR_##name,
    OC_QR_FORMS(OC_QR_FORM_ENUM)
#undef OC_QR_FORM_ENUM
};

/* By its word; false for none. */
bool oc_qr_form_of(oc_span word, enum oc_qr_form *out);
const char *oc_qr_media_type(enum oc_qr_form form);

/* Draws text as a QR code (ISO/IEC 18004, error correction level M) by libqrencode into `out`: `scale` pixels a module
 * where there are pixels, four modules of quiet zone. LIMIT for text that no QR code holds. */
OC_MUST_USE oc_result oc_qr_draw(oc_buf *out, enum oc_qr_form form, const char *text, unsigned scale, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif

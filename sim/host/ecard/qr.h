/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_ECARD_QR_H
#define OC_HOST_ECARD_QR_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Draws text as a QR code (ISO/IEC 18004, error correction level M) by libqrencode. `out` receives a portable bitmap
 * (PBM, P1): `scale` pixels a module, four modules of quiet zone. LIMIT for text that no QR code holds. */
OC_MUST_USE oc_result oc_qr_draw(oc_buf *out, const char *text, unsigned scale, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif

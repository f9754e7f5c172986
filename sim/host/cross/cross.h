/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_CROSS_CROSS_H
#define OC_HOST_CROSS_CROSS_H

#include "sim/host/host.h"
#include "sim/host/medical/medical.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Card authentication across provinces: the older XML services (settlement-backend sheet 7).
 *   1903  Foshan, internal-authentication request    1904  Foshan, card authentication
 *   9013  Zhejiang, internal and external authentication
 * Names of services and fields are attested in hospital code (confidence C); lengths, which fields have to be there, the
 * root elements <input> and <output> and the numbers of errors are a choice of this project.
 *
 * A body is XML in GBK, with one element a field; the four-byte characters of GB18030 are taken too, because names on
 * cards have them. It may declare GBK, GB2312 or GB18030, or nothing. Fields of other names are not looked at.
 *
 * The answer is XML in GBK: the fields of the service, and always "result" and "errorcode" (which of the two a province
 * looks at differs) with one of these numbers, and "errormsg", Chinese, which names a field but never a value. */

/* X(name, number) */
#define OC_CROSS_ERRORS(X)                                                                                            \
    X(NONE, 0)                                                                                                        \
    X(FORM, -1)    /* no XML in GBK, or not of this shape */                                                          \
    X(FIELD, -2)   /* a field is missing, twice there, or not of its form */                                          \
    X(SERVICE, -3) /* no such service */                                                                              \
    X(CARD, -4)    /* the card is not known, not this person's, lost or replaced */                                   \
    X(KEY, -5)     /* the HSM refuses, or has no such key */

enum oc_cross_error {
#define OC_CROSS_ERROR_ENUM(name, number) OC_CROSS_##name = (number),
    OC_CROSS_ERRORS(OC_CROSS_ERROR_ENUM)
#undef OC_CROSS_ERROR_ENUM
};

#define OC_CROSS_BODY_MAX 16384

typedef struct oc_cross_parts {
    oc_host *host; /* whose HSM answers; borrowed */
    oc_medical
        *medical; /* whose persons and cards are known; NULL: any card whose identifier fits its region. Borrowed */
    bool key_is_needed; /* a key that nobody has is UNAVAILABLE, not an answer: whoever tests wants to know */
} oc_cross_parts;

/* Answers `body`, sent to the service of that number. `answer` (emptied first) always receives a well-formed answer,
 * whatever the body is; an error means that the back-end itself failed. */
OC_MUST_USE oc_result oc_cross_message(const oc_cross_parts *parts, const char *service, oc_span body, oc_buf *answer,
                                       oc_diag *diag);

/* The client's half: `in` (UTF-8) as a body, in their order; `answer` (emptied first) receives the fields of an answer in
 * UTF-8. FORMAT for what cannot be written or read. */
OC_MUST_USE oc_result oc_cross_write(oc_buf *out, const char *root, const oc_fields *in);
OC_MUST_USE oc_result oc_cross_read(oc_fields *answer, oc_span body, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_RESULT_H
#define OC_BASE_RESULT_H

/* The outcome of an operation of the harness itself.
 *
 * A card's status word (sw.h) and a verdict on a device under test (conformance/run/verdict.h) are data, and
 * never travel in this type. */

#ifdef __cplusplus
extern "C" {
#endif

#define OC_MUST_USE __attribute__((warn_unused_result))
#define OC_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))

/* X(name, category, sentence) */
#define OC_CODES(X)                                                                                                   \
    X(OK, "none", "no error")                                                                                         \
    X(USAGE, "usage", "the command line or a configuration asks for something impossible")                            \
    X(FORMAT, "format", "an input does not have the required form")                                                   \
    X(LIMIT, "limit", "a documented upper bound was exceeded")                                                        \
    X(NOT_FOUND, "usage", "a name is not known")                                                                      \
    X(UNAVAILABLE, "usage", "a capability was asked for that is not there")                                           \
    X(IO, "io", "reading or writing failed")                                                                          \
    X(TIMEOUT, "timeout", "no answer came in time")                                                                   \
    X(GONE, "io", "the peer, reader or card went away")                                                               \
    X(GARBAGE, "format", "a peer answered something that is no answer")                                               \
    X(MEMORY, "memory", "memory could not be had")                                                                    \
    X(CRYPTO, "internal", "a cryptographic operation failed")                                                         \
    X(INTERNAL, "internal", "the harness contradicts itself")

enum oc_code {
#define OC_CODE_ENUM(name, category, sentence) OC_E_##name,
    OC_CODES(OC_CODE_ENUM)
#undef OC_CODE_ENUM
};

/* Every function that returns this type is declared OC_MUST_USE. */
typedef struct oc_result {
    enum oc_code code;
} oc_result;

static inline oc_result oc_ok(void)
{
    return (oc_result){OC_E_OK};
}

static inline oc_result oc_fail(enum oc_code code)
{
    return (oc_result){code};
}

static inline int oc_is_ok(oc_result r)
{
    return r.code == OC_E_OK;
}

/* Hands a failure to the caller. The only macro that contains a return. */
#define OC_TRY(expression)                                                                                            \
    do {                                                                                                              \
        oc_result oc_try_result = (expression);                                                                       \
        if (oc_try_result.code != OC_E_OK) {                                                                          \
            return oc_try_result;                                                                                     \
        }                                                                                                             \
    } while (0)

/* Static texts, never NULL: "TIMEOUT", "timeout", "no answer came in time". */
const char *oc_code_name(enum oc_code code);
const char *oc_code_category(enum oc_code code);
const char *oc_code_sentence(enum oc_code code);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

#include "sim/base/tlv.h"
#include "sim/crypto/certificate.h"

/* DER from the inside out: every part is written into room of its own, then wrapped. */
enum {
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_UTF8 = 0x0C,
    DER_PRINTABLE = 0x13,
    DER_UTC_TIME = 0x17,
    DER_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_VERSION = 0xA0,
    DER_EXTENSIONS = 0xA3
};
#define PART_MAX 256
#define KEY_ID 20 /* bytes of a key identifier: the first of SM3 over the point (project choice) */

static const uint8_t version_3[] = {DER_INTEGER, 1, 2};
/* SEQUENCE { sm2-with-SM3 }, SEQUENCE { id-ecPublicKey, sm2 } */
static const uint8_t signature_algorithm[] = {DER_SEQUENCE, 10,   0x06, 8,    0x2A, 0x81,
                                              0x1C,         0xCF, 0x55, 0x01, 0x83, 0x75};
static const uint8_t key_algorithm[] = {DER_SEQUENCE, 19, 0x06, 7,    0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
                                        0x06,         8,  0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D};
static const uint8_t country[] = {0x06, 3, 0x55, 0x04, 0x06, DER_PRINTABLE, 2, 'C', 'N'};
static const uint8_t common_name[] = {0x06, 3, 0x55, 0x04, 0x03};
/* Extensions up to their value: identifier, and TRUE where critical. */
static const uint8_t authority_key[] = {0x06, 3, 0x55, 0x1D, 0x23};
static const uint8_t subject_key[] = {0x06, 3, 0x55, 0x1D, 0x0E};
static const uint8_t key_usage[] = {0x06, 3, 0x55, 0x1D, 0x0F, 0x01, 1, 0xFF};
static const uint8_t basic_constraints[] = {0x06, 3, 0x55, 0x1D, 0x13, 0x01, 1, 0xFF};
static const uint8_t is_authority[] = {DER_SEQUENCE, 3, 0x01, 1, 0xFF};

/* BIT STRINGs by enum oc_certificate_use: unused bits, then the bits. */
static const uint8_t usages[][4] = {
    [OC_CERTIFICATE_ROOT] = {DER_BIT_STRING, 2, 1, 0x06},
    [OC_CERTIFICATE_SIGNING] = {DER_BIT_STRING, 2, 6, 0xC0},
    [OC_CERTIFICATE_ENCIPHERING] = {DER_BIT_STRING, 2, 4, 0x30},
};

#define BYTES_OF(array) oc_span_of(array, sizeof(array))

static void wrap(oc_wr *out, uint8_t tag, const oc_wr *inner)
{
    oc_tlv_write(out, tag, oc_wr_span(inner));
    out->bad = out->bad || inner->bad;
}

/* SET { SEQUENCE { type and value } } */
static void put_attribute(oc_wr *out, oc_span type_and_value)
{
    uint8_t room[PART_MAX];
    oc_wr pair = oc_wr_of(room, sizeof room);
    oc_tlv_write(&pair, DER_SEQUENCE, type_and_value);
    wrap(out, DER_SET, &pair);
}

static void put_name(oc_wr *out, const char *name)
{
    uint8_t value_room[PART_MAX];
    uint8_t name_room[PART_MAX];
    oc_wr value = oc_wr_of(value_room, sizeof value_room);
    oc_wr attributes = oc_wr_of(name_room, sizeof name_room);
    oc_wr_bytes(&value, BYTES_OF(common_name));
    oc_tlv_write(&value, DER_UTF8, oc_span_text(name));
    put_attribute(&attributes, BYTES_OF(country));
    put_attribute(&attributes, oc_wr_span(&value));
    attributes.bad = attributes.bad || value.bad || name[0] == '\0' || strlen(name) > OC_CERTIFICATE_NAME_MAX;
    wrap(out, DER_SEQUENCE, &attributes);
}

/* UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5). */
static void put_time(oc_wr *out, int64_t seconds)
{
    struct tm parts;
    char text[64];
    time_t time = (time_t)seconds;
    if (gmtime_r(&time, &parts) == NULL || parts.tm_year < 70 || parts.tm_year > 9999 - 1900) {
        out->bad = true;
        return;
    }
    snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
             parts.tm_hour, parts.tm_min, parts.tm_sec);
    bool short_form = parts.tm_year < 2050 - 1900;
    oc_tlv_write(out, short_form ? DER_UTC_TIME : DER_TIME, oc_span_text(short_form ? text + 2 : text));
}

static void put_validity(oc_wr *out, const oc_certificate_order *order)
{
    uint8_t room[PART_MAX];
    oc_wr times = oc_wr_of(room, sizeof room);
    put_time(&times, order->not_before);
    put_time(&times, order->not_after);
    wrap(out, DER_SEQUENCE, &times);
}

static void put_serial(oc_wr *out, oc_span serial)
{
    uint8_t room[1 + OC_CERTIFICATE_SERIAL_MAX];
    oc_wr number = oc_wr_of(room, sizeof room);
    while (serial.len > 1 && serial.at[0] == 0) {
        serial = oc_span_slice(serial, 1, serial.len);
    }
    if (serial.len > 0 && (serial.at[0] & 0x80) != 0) {
        oc_wr_u8(&number, 0); /* a positive number */
    }
    oc_wr_bytes(&number, serial);
    number.bad = number.bad || serial.len == 0;
    wrap(out, DER_INTEGER, &number);
}

static void put_key(oc_wr *out, const oc_sm2_key *key)
{
    uint8_t point[2 + OC_SM2_POINT] = {0, 0x04}; /* no unused bits; uncompressed */
    memcpy(point + 2, key->point, OC_SM2_POINT);
    uint8_t room[PART_MAX];
    oc_wr info = oc_wr_of(room, sizeof room);
    oc_wr_bytes(&info, BYTES_OF(key_algorithm));
    oc_tlv_write(&info, DER_BIT_STRING, BYTES_OF(point));
    wrap(out, DER_SEQUENCE, &info);
}

static void put_extension(oc_wr *out, oc_span head, oc_span value)
{
    uint8_t room[PART_MAX];
    oc_wr extension = oc_wr_of(room, sizeof room);
    oc_wr_bytes(&extension, head);
    oc_tlv_write(&extension, DER_OCTET_STRING, value);
    wrap(out, DER_SEQUENCE, &extension);
}

/* `tag` is OCTET STRING for the subject's, [0] in a SEQUENCE for the authority's identifier. */
static oc_result put_key_id(oc_crypto *crypto, oc_wr *out, oc_span head, const oc_sm2_key *key, bool authority)
{
    uint8_t digest[32];
    OC_TRY(oc_sm3(crypto, oc_span_of(key->point, OC_SM2_POINT), digest));
    uint8_t room[2 + KEY_ID];
    uint8_t outer_room[4 + KEY_ID];
    oc_wr id = oc_wr_of(room, sizeof room);
    oc_wr outer = oc_wr_of(outer_room, sizeof outer_room);
    oc_tlv_write(&id, authority ? 0x80 : DER_OCTET_STRING, oc_span_of(digest, KEY_ID));
    wrap(&outer, DER_SEQUENCE, &id);
    put_extension(out, head, authority ? oc_wr_span(&outer) : oc_wr_span(&id));
    return oc_ok();
}

static oc_result put_extensions(oc_crypto *crypto, oc_wr *out, const oc_certificate_order *order)
{
    uint8_t list_room[PART_MAX];
    uint8_t outer_room[PART_MAX];
    oc_wr list = oc_wr_of(list_room, sizeof list_room);
    oc_wr outer = oc_wr_of(outer_room, sizeof outer_room);
    OC_TRY(put_key_id(crypto, &list, BYTES_OF(authority_key), order->signer, true));
    OC_TRY(put_key_id(crypto, &list, BYTES_OF(subject_key), order->receiver, false));
    if (order->use == OC_CERTIFICATE_ROOT) {
        put_extension(&list, BYTES_OF(basic_constraints), BYTES_OF(is_authority));
    }
    put_extension(&list, BYTES_OF(key_usage), BYTES_OF(usages[order->use]));
    wrap(&outer, DER_SEQUENCE, &list);
    wrap(out, DER_EXTENSIONS, &outer);
    return oc_ok();
}

static oc_result put_body(oc_crypto *crypto, oc_wr *out, const oc_certificate_order *order)
{
    uint8_t room[OC_CERTIFICATE_MAX];
    oc_wr body = oc_wr_of(room, sizeof room);
    oc_tlv_write(&body, DER_VERSION, BYTES_OF(version_3));
    put_serial(&body, order->serial);
    oc_wr_bytes(&body, BYTES_OF(signature_algorithm));
    put_name(&body, order->issuer);
    put_validity(&body, order);
    put_name(&body, order->subject);
    put_key(&body, order->receiver);
    OC_TRY(put_extensions(crypto, &body, order));
    wrap(out, DER_SEQUENCE, &body);
    return out->bad ? oc_fail(OC_E_LIMIT) : oc_ok();
}

/* BIT STRING around SEQUENCE { r, s } */
static oc_result put_signature(oc_crypto *crypto, oc_wr *out, const oc_sm2_key *signer, oc_span body)
{
    uint8_t digest[OC_SM2_DIGEST];
    uint8_t signature[OC_SM2_SIGNATURE];
    OC_TRY(oc_sm2_digest(crypto, signer, oc_span_text(OC_SM2_DEFAULT_ID), body, digest));
    OC_TRY(oc_sm2_sign(crypto, signer, BYTES_OF(digest), oc_span_empty(), signature));
    uint8_t number_room[2 * (3 + 32)];
    uint8_t outer_room[PART_MAX];
    oc_wr numbers = oc_wr_of(number_room, sizeof number_room);
    oc_wr outer = oc_wr_of(outer_room, sizeof outer_room);
    for (size_t i = 0; i < 2; i++) {
        uint8_t number[1 + 32] = {0};
        memcpy(number + 1, signature + i * 32, 32);
        size_t from = 0;
        while (from < 32 && number[from] == 0 && (number[from + 1] & 0x80) == 0) {
            from++;
        }
        oc_tlv_write(&numbers, DER_INTEGER, oc_span_of(number + from, sizeof number - from));
    }
    oc_wr_u8(&outer, 0); /* no unused bits */
    wrap(&outer, DER_SEQUENCE, &numbers);
    wrap(out, DER_BIT_STRING, &outer);
    return oc_ok();
}

oc_result oc_certificate_make(oc_crypto *crypto, const oc_certificate_order *order, oc_buf *out)
{
    uint8_t parts_room[OC_CERTIFICATE_MAX];
    uint8_t room[OC_CERTIFICATE_MAX];
    oc_wr parts = oc_wr_of(parts_room, sizeof parts_room);
    oc_wr certificate = oc_wr_of(room, sizeof room);
    OC_TRY(put_body(crypto, &parts, order));
    oc_span body = oc_wr_span(&parts);
    oc_wr_bytes(&parts, BYTES_OF(signature_algorithm));
    OC_TRY(put_signature(crypto, &parts, order->signer, body));
    wrap(&certificate, DER_SEQUENCE, &parts);
    return certificate.bad ? oc_fail(OC_E_LIMIT) : oc_buf_append(out, oc_wr_span(&certificate));
}

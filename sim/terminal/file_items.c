/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/file_items.h"

#include <stdio.h>

#include "sim/base/tlv.h"
#include "sim/terminal/info.h"
#include "sim/terminal/key_table.h"

/* Tags whose value is not text, by file (ssc-card sheet 4.3 to 4.8). Items of a template are looked up under the
 * template's file. */
static const struct records {
    uint16_t dir;
    uint8_t ef;
    const char *digits;    /* packed digits */
    const char *numbers;   /* binary, written in hex */
    const char *templates; /* made of items */
} record_files[] = {
    {OC_FID_SSSE, 0x05, "\x01\x04\x05\x06", "", ""},
    {OC_FID_SSSE, 0x06, "\x0B\x0C\x0D", "", ""},
    {OC_FID_SSSE, 0x0D, "\xEB", "", ""},
    {0xDF01, 0x05, "\x0E", "", ""},
    {0xDF01, 0x06, "\x24\x27", "", ""},
    {0xDF01, 0x07, "\x2A", "", ""},
    {0xDF01, 0x0A, "\x39", "", ""},
    {0xDF01, 0x15, "\x2A\x58", "", "\x40"},
    {0xDF02, 0x05, "\x5D\x35", "", "\x43\x44"},
    {0xDF02, 0x06, "\x4C\x4D\x60\x50", "", ""},
    {0xDF02, 0x09, "\x96\x97", "", ""},
    {0xDF02, 0x15, "\x11\x12\x0F\x1F", "", "\x99"},
    {0xDF03, 0x05, "\x61\x60\x98\x62", "", ""},
    {0xDF03, 0x06, "\x67\x16", "", "\x4A"},
    {0xDF03, 0x07, "\x71\x6E\x6C\x6F\x73", "", ""},
    {0xDF03, 0x15, "\x7A\x7B\x7C", "", ""},
    {0xDF03, 0x16, "\x51", "", ""},
    {0xDF03, 0x17, "\x3E", "", ""},
    {0xDF03, 0x18, "\x75\x76\x77\x78", "", ""},
    {0xDF03, 0x19, "\x19\x1A\x1B\x1E\x75\x76\x77\x78", "\x1C", "\x79"},
    {0xDF04, 0x05, "\x84\x8C\x80", "", ""},
    {0xDF04, 0x06, "", "\x92", ""},
    {0xDF05, 0x05, "\xA9\xAB", "", "\xA3\xA4"},
    {0xDF06, 0x05, "\xE3\xE4\xE5\xE6\xE7", "", "\xC3\xC4\xC5"},
    {0xDF07, 0x05, "\xF2\xF4", "", ""},
    {0xDF07, 0x06, "\xF6", "", ""},
    {0xDF07, 0x07, "\xF8", "", ""},
};

/* Generation 1.0: where it differs. */
static const struct records first_files[] = {
    {0xDF01, 0x0A, "\x39", "\x37\x38", ""},
    {0xDF02, 0x05, "\x42\x58\x5A\x5B\x5D", "", "\x40\x41\x43\x44"},
    {0xDF02, 0x06, "\x4B\x4C\x60\x4D\x4F\x50", "", ""},
    {0xDF02, 0x08, "\x52\x54", "", ""},
    {0xDF02, 0x09, "\x55\x96\x97", "", ""},
    {0xDF03, 0x05, "\x60\x98\x62", "\x61\x65\x66", ""},
    {0xDF03, 0x06, "\x67", "", ""},
    {0xDF03, 0x07, "\x6C\x6E\x6F\x73", "\x6D\x71\x72", ""},
    {0xDF04, 0x05, "\x80", "", ""},
    {0xDF04, 0x06, "", "\x90\x92\x93", ""},
};

enum form { FORM_END, FORM_TEXT, FORM_DIGITS, FORM_COUNT, FORM_YUAN };

/* Records of cyclic files: fields without tags, newest record first. */
static const struct cyclic {
    uint16_t dir;
    uint8_t ef;
    struct {
        uint8_t len;
        uint8_t form;
    } fields[8];
} cyclic_files[] = {
    {0xDF02, 0x07, {{0x07, FORM_TEXT}, {4, FORM_DIGITS}, {4, FORM_DIGITS}, {0x46, FORM_TEXT}}},
    {0xDF02, 0x16, {{3, FORM_TEXT}, {4, FORM_DIGITS}, {4, FORM_DIGITS}, {4, FORM_DIGITS}, {3, FORM_DIGITS}}},
    {0xDF04,
     0x08,
     {{2, FORM_COUNT},
      {1, FORM_TEXT},
      {6, FORM_DIGITS},
      {7, FORM_DIGITS},
      {4, FORM_YUAN},
      {4, FORM_YUAN},
      {4, FORM_YUAN}}},
    {0xDF04, 0x15, {{2, FORM_DIGITS}, {1, FORM_TEXT}}},
};

static const struct {
    uint16_t dir;
    uint8_t first;
    uint8_t last;
} transparent_files[] = {{OC_FID_SSSE, 0x07, 0x08}, {0xDF01, 0x16, 0x1A}};

static const struct cyclic *cyclic_of(uint16_t dir, uint8_t ef)
{
    for (size_t i = 0; i < sizeof cyclic_files / sizeof cyclic_files[0]; i++) {
        if (cyclic_files[i].dir == dir && cyclic_files[i].ef == ef) {
            return &cyclic_files[i];
        }
    }
    return NULL;
}

enum oc_file_kind oc_file_kind_of(uint16_t dir, uint8_t ef)
{
    for (size_t i = 0; i < sizeof transparent_files / sizeof transparent_files[0]; i++) {
        if (transparent_files[i].dir == dir && ef >= transparent_files[i].first && ef <= transparent_files[i].last) {
            return OC_FILE_TRANSPARENT;
        }
    }
    return cyclic_of(dir, ef) != NULL ? OC_FILE_CYCLIC : OC_FILE_RECORDS;
}

static bool listed(const char *tags, uint8_t tag)
{
    return tag != 0 && strchr(tags, (char)tag) != NULL;
}

static oc_result append_plain(struct oc_call *call, oc_buf *out, const struct records *file, uint8_t tag,
                              oc_span value)
{
    if (listed(file->digits, tag)) {
        return oc_info_append_digits(out, value);
    }
    return listed(file->numbers, tag) ? oc_info_append_hex(out, value) : oc_info_append_text(call, out, value);
}

static oc_result append_template(struct oc_call *call, oc_buf *out, const struct records *file, oc_span value)
{
    oc_rd rd = oc_rd_of(value);
    oc_tlv item;
    for (bool first = true; oc_record_tlv_next(&rd, &item) && !oc_call_ended(call); first = false) {
        if (!first) {
            OC_TRY(oc_buf_append_byte(out, '^'));
        }
        OC_TRY(append_plain(call, out, file, (uint8_t)item.tag, item.value));
    }
    return rd.bad ? oc_call_end(call, OC_CODE_DATA_LENGTH) : oc_ok();
}

static const struct records *find(const struct records *files, size_t count, uint16_t dir, uint8_t ef)
{
    for (size_t i = 0; i < count; i++) {
        if (files[i].dir == dir && files[i].ef == ef) {
            return &files[i];
        }
    }
    return NULL;
}

static const struct records *records_of(bool first_generation, uint16_t dir, uint8_t ef)
{
    static const struct records all_text = {0, 0, "", "", ""};
    const struct records *file = first_generation
                                     ? find(first_files, sizeof first_files / sizeof first_files[0], dir, ef)
                                     : NULL;
    if (file == NULL) {
        file = find(record_files, sizeof record_files / sizeof record_files[0], dir, ef);
    }
    return file == NULL ? &all_text : file;
}

oc_result oc_file_append_value(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span value)
{
    const struct records *file = records_of(call->session->card.first, dir, ef);
    return listed(file->templates, tag) ? append_template(call, out, file, value)
                                        : append_plain(call, out, file, tag, value);
}

static oc_result append_field(struct oc_call *call, oc_buf *out, uint8_t form, oc_span value)
{
    char text[24];
    oc_rd rd = oc_rd_of(value);
    switch (form) {
    case FORM_TEXT:
        return oc_info_append_text(call, out, value);
    case FORM_COUNT:
        snprintf(text, sizeof text, "%u", oc_rd_u16(&rd));
        return oc_buf_append(out, oc_span_text(text));
    case FORM_YUAN:
        oc_info_print_yuan(text, sizeof text, oc_rd_u32(&rd));
        return oc_buf_append(out, oc_span_text(text));
    default:
        return oc_info_append_digits(out, value);
    }
}

oc_result oc_file_append_cyclic(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, char mark, oc_span record)
{
    const struct cyclic *file = cyclic_of(dir, ef);
    if (file == NULL) {
        return oc_fail(OC_E_INTERNAL);
    }
    oc_rd rd = oc_rd_of(record);
    for (size_t i = 0; file->fields[i].form != FORM_END && !oc_call_ended(call); i++) {
        oc_span value = oc_rd_bytes(&rd, file->fields[i].len);
        if (rd.bad) {
            break;
        }
        if (i > 0) {
            OC_TRY(oc_buf_append_byte(out, (uint8_t)mark));
        }
        OC_TRY(append_field(call, out, file->fields[i].form, value));
    }
    return oc_call_ended(call) || oc_rd_done(&rd) ? oc_ok() : oc_call_end(call, OC_CODE_DATA_LENGTH);
}

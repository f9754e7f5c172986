/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/xmlwriter.h>
#include <stdio.h>

#include "conformance/record/entry_out.h"
#include "conformance/record/fragment.h"
#include "conformance/record/xml_out.h"
#include "tests/support/oc_test.h"

/* What is written both ways: nested, empty, with and without text. */
static void write_all(oc_xml_out *out, const char *text)
{
    oc_out_open(out, "case");
    oc_out_attribute(out, "id", text);
    oc_out_path_attribute(out, "file", text);
    oc_out_number(out, "n", UINT64_MAX);
    oc_out_number(out, "zero", 0);
    oc_out_flag(out, "flag", true);
    oc_out_attribute(out, "left-out", NULL);
    oc_out_open(out, "empty");
    oc_out_close(out);
    oc_out_open(out, "only");
    oc_out_attribute(out, "a", text);
    oc_out_close(out);
    oc_out_text_in(out, "title", "zh", text);
    oc_out_text(out, "none", "");
    oc_out_path_text(out, "path", text);
    oc_out_open(out, "samples");
    oc_out_raw(out, "1 2", 3);
    oc_out_raw(out, " 3", 2);
    oc_out_close(out);
    oc_out_close(out);
}

static void expect_the_same(const char *text)
{
    oc_buf lean = {0};
    oc_entry_out entry = {.to = &lean};
    oc_xml_out out = {.entry = &entry};
    write_all(&out, text);
    OC_ASSERT_OK(oc_out_end(&out));

    oc_buf usual = {0};
    xmlBufferPtr buffer = xmlBufferCreate();
    out = (oc_xml_out){.writer = xmlNewTextWriterMemory(buffer, 0)};
    write_all(&out, text);
    OC_ASSERT_OK(oc_out_end(&out));
    OC_ASSERT_OK(oc_fragment_on_one_line(&usual, xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)));
    xmlBufferFree(buffer);

    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&lean), oc_buf_span(&usual)));
    oc_buf_free(&lean);
    oc_buf_free(&usual);
}

static void an_entry_is_what_the_library_writes(void)
{
    expect_the_same("");
    expect_the_same("00A4040007D15600000501");
    expect_the_same("vectors/card/pin.xml: step 7, 'a' /");
    expect_the_same("a < b > c & d \" e ' f ]]> <!-- \t tab \n feed \r return");
    expect_the_same("社会保障卡 é \u07ff\u0800 \U0001f600 \U0010fffd");
    expect_the_same("\xff\x01\x7f \u202e \xe7\xa4 /a/b/c '/x y' \n");
}

static void every_character_is_what_the_library_writes(void)
{
    for (unsigned character = 1; character < 0x3000; character++) {
        char text[8];
        if (character < 0x80) {
            snprintf(text, sizeof text, "%c.", (int)character);
        } else if (character < 0x800) {
            snprintf(text, sizeof text, "%c%c", (int)(0xC0 | character >> 6), (int)(0x80 | (character & 0x3F)));
        } else {
            snprintf(text, sizeof text, "%c%c%c", (int)(0xE0 | character >> 12), (int)(0x80 | (character >> 6 & 0x3F)),
                     (int)(0x80 | (character & 0x3F)));
        }
        expect_the_same(text);
    }
}

/* Wherever in a word it stands. */
static void plain_is_printed_ascii_without_markup(void)
{
    char text[24];
    for (unsigned byte = 0; byte < 256; byte++) {
        bool is_plain = byte >= 0x20 && byte < 0x7F && strchr("<>&\"", (int)byte) == NULL;
        for (size_t len = 1; len <= sizeof text; len++) {
            for (size_t at = 0; at < len; at++) {
                memset(text, 'z', sizeof text);
                text[at] = (char)byte;
                if (oc_entry_is_plain(oc_span_of(text, len)) != is_plain) {
                    CU_FAIL("another byte than those is plain, or one of them is not");
                    return;
                }
            }
        }
    }
    CU_ASSERT_TRUE(oc_entry_is_plain(oc_span_empty()));
}

static void what_does_not_close_is_a_failure(void)
{
    oc_buf text = {0};
    oc_entry_out entry = {.to = &text};
    oc_xml_out out = {.entry = &entry};
    oc_out_open(&out, "case");
    OC_ASSERT_CODE(oc_out_end(&out), OC_E_MEMORY);

    entry = (oc_entry_out){.to = &text};
    oc_entry_close(&entry);
    CU_ASSERT_TRUE(entry.bad);

    entry = (oc_entry_out){.to = &text};
    for (unsigned i = 0; i < OC_ENTRY_DEPTH_MAX; i++) {
        oc_entry_open(&entry, "deep");
    }
    CU_ASSERT_FALSE(entry.bad);
    oc_entry_open(&entry, "deeper");
    CU_ASSERT_TRUE(entry.bad);

    entry = (oc_entry_out){.to = &text};
    oc_entry_open(&entry, "a");
    oc_entry_attribute(&entry, "cut", oc_span_of("\xe7\xa4", 2));
    CU_ASSERT_TRUE(entry.bad);
    oc_buf_free(&text);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"an entry is what the library writes", an_entry_is_what_the_library_writes},
        {"every character is what the library writes", every_character_is_what_the_library_writes},
        {"plain is printed ASCII without markup", plain_is_printed_ascii_without_markup},
        {"what does not close is a failure", what_does_not_close_is_a_failure},
        {NULL, NULL},
    };
    return oc_test_main("record: entries", rows);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Logical commands over T=1: what travels, and what follows an answer. */
#include "sim/link/apdu.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* A card of T=1 that plays a script: the command it must get, and the answer it gives. */
struct script {
    const char *atr;
    const char *const *lines;
    size_t step;
    unsigned surprises;
};

static oc_result script_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    const struct script *script = self;
    (void)kind;
    oc_wr_bytes(atr, oc_test_hex(script->atr));
    return oc_ok();
}

static oc_result script_exchange(void *self, oc_span command, oc_wr *response)
{
    struct script *script = self;
    const char *const *line = script->lines + 2 * script->step;
    if (line[0] == NULL) {
        script->surprises++;
        return oc_fail(OC_E_INTERNAL);
    }
    script->step++;
    script->surprises += !oc_span_equal(command, oc_test_hex(line[0]));
    oc_wr_bytes(response, oc_test_hex(line[1]));
    return oc_ok();
}

#define T1_ATR "3B80810101" /* T=1 twice, then TCK */

static oc_link *open_card(struct script *script)
{
    oc_link *link = NULL;
    oc_buf atr = {0};
    OC_ASSERT_OK(oc_link_inproc(&link, (oc_endpoint){script, script_reset, script_exchange}));
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_COLD, &atr, NULL));
    oc_buf_free(&atr);
    return link;
}

static void play(const char *const *lines, const oc_apdu *apdu, const char *data_hex, unsigned sw_value)
{
    struct script script = {.atr = T1_ATR, .lines = lines};
    oc_link *link = open_card(&script);
    oc_buf data = {0};
    oc_sw sw = {0};
    CU_ASSERT_EQUAL(oc_link_protocol(link), OC_PROTOCOL_T1);
    OC_ASSERT_OK(oc_apdu_transmit(link, apdu, &data, &sw, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&data), data_hex);
    CU_ASSERT_EQUAL(sw.value, sw_value);
    CU_ASSERT_EQUAL(script.surprises, 0);
    CU_ASSERT_PTR_NULL(lines[2 * script.step]);
    oc_buf_free(&data);
    oc_link_free(&link);
}

static const uint8_t two[] = {0xEF, 0x05};
#define TWO oc_span_of(two, sizeof two)

static void commands_travel_whole(void)
{
    play((const char *const[]){"00840000", "9000", NULL}, &(oc_apdu){.ins = 0x84}, "", 0x9000);
    play((const char *const[]){"0084000008", "01029000", NULL}, &(oc_apdu){.ins = 0x84, .has_le = true, .le = 8},
         "0102", 0x9000);
    play((const char *const[]){"00A4000002EF05", "9000", NULL}, &(oc_apdu){.ins = 0xA4, .data = TWO}, "", 0x9000);
    play((const char *const[]){"00A4000002EF0500", "6F009000", NULL},
         &(oc_apdu){.ins = 0xA4, .data = TWO, .has_le = true}, "6F00", 0x9000);
    play((const char *const[]){"00B08800000258", "AA9000", NULL},
         &(oc_apdu){.ins = 0xB0, .p1 = 0x88, .has_le = true, .extended = true, .le = 0x258}, "AA", 0x9000);
    play((const char *const[]){"00A40000000002EF050000", "9000", NULL},
         &(oc_apdu){.ins = 0xA4, .data = TWO, .has_le = true, .extended = true}, "", 0x9000);
    play((const char *const[]){"00A40000000002EF05", "9000", NULL},
         &(oc_apdu){.ins = 0xA4, .data = TWO, .extended = true}, "", 0x9000);
}

static void answers_are_followed(void)
{
    play((const char *const[]){"00A4000002EF0500", "6102", "00C0000002", "6F009000", NULL},
         &(oc_apdu){.ins = 0xA4, .data = TWO, .has_le = true}, "6F00", 0x9000);
    play((const char *const[]){"00A4000002EF0500", "6C02", "00A4000002EF0502", "6F009000", NULL},
         &(oc_apdu){.ins = 0xA4, .data = TWO, .has_le = true}, "6F00", 0x9000);
    play((const char *const[]){"00B00000000000", "AA6102", "00C0000002", "BBCC9000", NULL},
         &(oc_apdu){.ins = 0xB0, .has_le = true, .extended = true}, "AABBCC", 0x9000);
    play((const char *const[]){"00B00000000200", "6C10", "00B00000000010", "AA9000", NULL},
         &(oc_apdu){.ins = 0xB0, .has_le = true, .extended = true, .le = 0x200}, "AA", 0x9000);
    /* without Le they are the answer */
    play((const char *const[]){"00A4000002EF05", "6102", NULL}, &(oc_apdu){.ins = 0xA4, .data = TWO}, "", 0x6102);
    play((const char *const[]){"00840000", "6C08", NULL}, &(oc_apdu){.ins = 0x84}, "", 0x6C08);
}

static void long_data_are_extended(void)
{
    static uint8_t bytes[OC_APDU_DATA_MAX + 1];
    oc_buf command = {0};
    OC_ASSERT_OK(oc_apdu_write(&command, &(oc_apdu){.ins = 0xD6, .data = oc_span_of(bytes, 256)}));
    CU_ASSERT_EQUAL(command.len, 4 + 3 + 256);
    OC_ASSERT_BYTES(oc_span_slice(oc_buf_span(&command), 0, 7), "00D60000000100");
    oc_buf_clear(&command);
    OC_ASSERT_OK(oc_apdu_write(&command, &(oc_apdu){.ins = 0xD6, .data = oc_span_of(bytes, 65535), .has_le = true}));
    CU_ASSERT_EQUAL(command.len, 4 + 3 + 65535 + 2);
    OC_ASSERT_CODE(oc_apdu_write(&command, &(oc_apdu){.data = oc_span_of(bytes, 65536)}), OC_E_LIMIT);
    oc_buf_free(&command);
    struct script script = {.atr = "3B00", .lines = (const char *const[]){NULL}};
    oc_link *link = open_card(&script);
    oc_buf data = {0};
    oc_sw sw;
    const oc_apdu extended = {.ins = 0xB0, .has_le = true, .extended = true};
    OC_ASSERT_CODE(oc_apdu_transmit(link, &extended, &data, &sw, NULL), OC_E_LIMIT);
    CU_ASSERT_EQUAL(script.surprises, 0); /* nothing was sent */
    oc_link_free(&link);
    oc_buf_free(&data);
}

static void t1_is_asked_for(void)
{
    struct script script = {.atr = "3B80803101", .lines = (const char *const[]){NULL}};
    oc_buf atr = {0};
    oc_link *link = open_card(&script);
    CU_ASSERT_EQUAL(oc_link_protocol(link), OC_PROTOCOL_T0);
    oc_link_prefer_t1(link);
    script.atr = "3B80800101"; /* T=0, T=1, TCK: the contactless form */
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_COLD, &atr, NULL));
    CU_ASSERT_EQUAL(oc_link_protocol(link), OC_PROTOCOL_T1);
    script.atr = "3B00";
    OC_ASSERT_CODE(oc_link_reset(link, OC_RESET_COLD, &atr, NULL), OC_E_UNAVAILABLE);
    oc_link_free(&link);
    oc_buf_free(&atr);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"commands travel whole", commands_travel_whole},
        {"answers are followed", answers_are_followed},
        {"long data are extended", long_data_are_extended},
        {"T=1 is asked for", t1_is_asked_for},
        {NULL, NULL},
    };
    return oc_test_main("commands over T=1", rows);
}

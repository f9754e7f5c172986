/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/t0.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* A card that plays a script: each line is the command it must get and the answer it then gives. After the last
 * line the answer of the last line is repeated when `endless`; otherwise a further command is an error. */
struct script {
    const char *const *lines;
    bool endless;
    size_t step;
    unsigned surprises;
};

static oc_result script_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    oc_wr_bytes(atr, oc_test_hex(kind == OC_RESET_COLD ? "3B00" : "3B01FF"));
    return oc_ok();
}

static oc_result script_exchange(void *self, oc_span command, oc_wr *response)
{
    struct script *script = self;
    const char *const *line = script->lines + 2 * script->step;
    if (line[0] == NULL && !script->endless) {
        script->surprises++;
        return oc_fail(OC_E_INTERNAL);
    }
    if (line[0] == NULL) {
        line -= 2;
    } else {
        script->step++;
        if (!oc_span_equal(command, oc_test_hex(line[0]))) {
            script->surprises++;
        }
    }
    oc_wr_bytes(response, oc_test_hex(line[1]));
    return oc_ok();
}

static oc_link *open_script(struct script *script)
{
    oc_link *link = NULL;
    OC_ASSERT_OK(oc_link_inproc(&link, (oc_endpoint){script, script_reset, script_exchange}));
    return link;
}

/* Runs one logical command against a script and compares data and status word. */
static void play(const char *const *lines, const oc_apdu *apdu, const char *data_hex, unsigned sw_value)
{
    struct script script = {.lines = lines};
    oc_link *link = open_script(&script);
    oc_buf data = {0};
    oc_sw sw = {0};
    OC_ASSERT_OK(oc_apdu_transmit(link, apdu, &data, &sw, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&data), data_hex);
    CU_ASSERT_EQUAL(sw.value, sw_value);
    CU_ASSERT_EQUAL(script.surprises, 0);
    CU_ASSERT_PTR_NULL(lines[2 * script.step]);
    oc_buf_free(&data);
    oc_link_free(&link);
}

static void four_cases(void)
{
    static const char *const case_1[] = {"8016000000", "9000", NULL};
    play(case_1, &(oc_apdu){.cla = 0x80, .ins = 0x16}, "", 0x9000);
    static const char *const case_2[] = {"0084000008", "01020304050607089000", NULL};
    play(case_2, &(oc_apdu){.ins = 0x84, .has_le = true, .le = 8}, "0102030405060708", 0x9000);
    static const char *const case_3[] = {"0020000003123456", "63C2", NULL};
    play(case_3, &(oc_apdu){.ins = 0x20, .data = oc_test_hex("123456")}, "", 0x63C2);
    static const char *const case_4[] = {"00A40400023F00", "6102", "00C0000002", "6F009000", NULL};
    play(case_4, &(oc_apdu){.ins = 0xA4, .p1 = 4, .data = oc_test_hex("3F00"), .has_le = true}, "6F00", 0x9000);
}

static void get_response_chain_keeps_all_pieces(void)
{
    static const char *const lines[] = {"80CA000000", "AA6102", "00C0000002", "BBCC6101",
                                        "00C0000001", "DD9000", NULL};
    play(lines, &(oc_apdu){.cla = 0x80, .ins = 0xCA, .has_le = true}, "AABBCCDD", 0x9000);
}

static void get_response_asks_for_no_more_than_le(void)
{
    static const char *const lines[] = {"00A40000023F00", "6118", "00C0000004", "010203046114", NULL};
    play(lines, &(oc_apdu){.ins = 0xA4, .data = oc_test_hex("3F00"), .has_le = true, .le = 4}, "01020304", 0x6114);
}

static void exact_length_repeats_the_command(void)
{
    static const char *const lines[] = {"00B20100FF", "6C02", "00B2010002", "11229000", NULL};
    play(lines, &(oc_apdu){.ins = 0xB2, .p1 = 1, .has_le = true, .le = 0xFF}, "1122", 0x9000);
    static const char *const at_get_response[] = {"8050000001AA", "6108",       "00C0000008", "6C03",
                                                  "00C0000003",   "1122339000", NULL};
    play(at_get_response, &(oc_apdu){.cla = 0x80, .ins = 0x50, .data = oc_test_hex("AA"), .has_le = true}, "112233",
         0x9000);
}

static void exact_length_for_a_command_with_data_is_the_answer(void)
{
    static const char *const lines[] = {"8050000001AA", "6C03", NULL};
    play(lines, &(oc_apdu){.cla = 0x80, .ins = 0x50, .data = oc_test_hex("AA"), .has_le = true}, "", 0x6C03);
}

static void without_le_nothing_follows(void)
{
    static const char *const more[] = {"00A40000023F00", "6118", NULL};
    play(more, &(oc_apdu){.ins = 0xA4, .data = oc_test_hex("3F00")}, "", 0x6118);
    static const char *const exact[] = {"0084000000", "6C08", NULL};
    play(exact, &(oc_apdu){.ins = 0x84}, "", 0x6C08);
}

static void error_at_get_response_is_the_answer(void)
{
    static const char *const lines[] = {"00A40000023F00", "6118", "00C0000018", "6F00", NULL};
    play(lines, &(oc_apdu){.ins = 0xA4, .data = oc_test_hex("3F00"), .has_le = true}, "", 0x6F00);
}

static unsigned exchanges_seen;

static void count_exchange(void *context, const oc_exchange *exchange)
{
    (void)context;
    exchanges_seen += exchange->is_reset ? 0 : 1;
}

static void endless(const char *const *lines)
{
    struct script script = {.lines = lines, .endless = true};
    oc_link *link = open_script(&script);
    oc_buf data = {0};
    oc_sw sw = {0};
    oc_diag diag = {0};
    exchanges_seen = 0;
    oc_link_observe(link, count_exchange, NULL);
    OC_ASSERT_CODE(oc_apdu_transmit(link, &(oc_apdu){.ins = 0x84, .has_le = true}, &data, &sw, &diag), OC_E_GARBAGE);
    CU_ASSERT_EQUAL(exchanges_seen, 17);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "16 further"));
    oc_buf_free(&data);
    oc_link_free(&link);
}

static void endless_chains_end(void)
{
    static const char *const more[] = {"0084000000", "6110", NULL};
    endless(more);
    static const char *const exact[] = {"0084000000", "6C10", NULL};
    endless(exact);
    static const char *const trickle[] = {"0084000000", "AA6101", NULL};
    endless(trickle);
}

static void sixteen_pieces_arrive(void)
{
    static const char *const lines[] = {"0084000000", "6110", NULL};
    struct script script = {.lines = lines, .endless = true};
    oc_link *link = open_script(&script);
    oc_buf data = {0};
    oc_sw sw = {0};
    static const char *const pieces[] = {"0084000000", "00112233445566778899AABBCCDDEEFF6110", NULL};
    script.lines = pieces;
    /* One piece with the command and fifteen behind it are 256 bytes: the 61xx of the last one is the answer. */
    OC_ASSERT_OK(oc_apdu_transmit(link, &(oc_apdu){.ins = 0x84, .has_le = true}, &data, &sw, NULL));
    CU_ASSERT_EQUAL(data.len, 256);
    CU_ASSERT_EQUAL(sw.value, 0x6110);
    oc_buf_free(&data);
    oc_link_free(&link);
}

static void too_much_data_is_refused(void)
{
    struct script script = {0};
    oc_link *link = open_script(&script);
    uint8_t long_data[256] = {0};
    oc_apdu apdu = {.data = oc_span_of(long_data, sizeof long_data)};
    oc_buf data = {0};
    oc_sw sw = {0};
    OC_ASSERT_CODE(oc_apdu_transmit(link, &apdu, &data, &sw, NULL), OC_E_LIMIT);
    OC_ASSERT_CODE(oc_t0_tpdu(&data, &apdu), OC_E_LIMIT);
    CU_ASSERT_EQUAL(data.len, 0);
    oc_buf_free(&data);
    oc_link_free(&link);
}

static void tpdu_is_appended(void)
{
    oc_buf out = {0};
    OC_ASSERT_OK(oc_t0_tpdu(&out, &(oc_apdu){.cla = 0x80, .ins = 0x16, .p1 = 1, .p2 = 2}));
    OC_ASSERT_OK(oc_t0_tpdu(&out, &(oc_apdu){.ins = 0xB0, .has_le = true, .le = 0x10}));
    OC_ASSERT_OK(oc_t0_tpdu(&out, &(oc_apdu){.ins = 0xA4, .data = oc_test_hex("3F00"), .has_le = true, .le = 9}));
    OC_ASSERT_BYTES(oc_buf_span(&out), "8016010200 00B0000010 00A40000023F00");
    oc_buf_free(&out);
}

static void strip_le_only_from_case_4(void)
{
    static const struct {
        const char *apdu;
        size_t len;
    } rows[] = {{"", 0},
                {"00", 1},
                {"00A40000", 4},
                {"0084000008", 5},
                {"008400000000", 6},
                {"00A40000023F00", 7},
                {"00A40000023F0000", 7},
                {"00A40000023F000000", 9},
                {"00A40000023F", 6}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_t0_strip_le(oc_test_hex(rows[i].apdu)), rows[i].len);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {{"the four cases", four_cases},
                                       {"GET RESPONSE chain", get_response_chain_keeps_all_pieces},
                                       {"GET RESPONSE and Le", get_response_asks_for_no_more_than_le},
                                       {"6Cxx", exact_length_repeats_the_command},
                                       {"6Cxx with data", exact_length_for_a_command_with_data_is_the_answer},
                                       {"without Le", without_le_nothing_follows},
                                       {"error at GET RESPONSE", error_at_get_response_is_the_answer},
                                       {"endless chains", endless_chains_end},
                                       {"sixteen pieces", sixteen_pieces_arrive},
                                       {"too much data", too_much_data_is_refused},
                                       {"TPDU", tpdu_is_appended},
                                       {"strip Le", strip_le_only_from_case_4},
                                       {NULL, NULL}};
    return oc_test_main("link_t0", rows);
}

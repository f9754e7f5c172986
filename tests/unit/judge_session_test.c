/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tests/unit/judge_kit.h"

static void sessions_are(const char *exchanges, bool as_raw, const char *expected)
{
    oc_kit_session kit = oc_kit_exchanges(exchanges);
    oc_session session = {0};
    OC_ASSERT_OK(oc_session_build(&session, kit.raw, kit.count, as_raw));
    char text[400] = "";
    for (size_t i = 0; i < session.count; i++) {
        const oc_seen *seen = &session.at[i];
        char line[100];
        snprintf(line, sizeof line, "%s%02X:%zu%s+%zu=%02X%02X ", seen->actor == OC_PATTERN_PSAM ? "p" : "",
                 seen->has_header ? seen->header.bytes.at[1] : 0, seen->data.bytes.len, seen->has_le ? "L" : "",
                 seen->answer.bytes.len, seen->sw.bytes.len > 0 ? seen->sw.bytes.at[0] : 0,
                 seen->sw.bytes.len > 0 ? seen->sw.bytes.at[1] : 0);
        strncat(text, line, sizeof text - strlen(text) - 1);
    }
    if (strcmp(text, expected) != 0) {
        printf("\n    %s instead of %s", text, expected);
        CU_FAIL("session");
    }
    oc_session_free(&session);
    oc_kit_exchanges_free(&kit);
}

static void t0_is_joined(void)
{
    sessions_are("00A40400020102 > 6105\n00C0000005 > 6F030102039000", false, "A4:2+5=9000 ");
    sessions_are("00A40400020102 > 6105\n00C0000005 > 6F030102039000", true, "A4:2+0=6105 C0:0L+5=9000 ");
    sessions_are("00B2010000 > 6C03\n00B2010003 > 0102039000", false, "B2:0L+3=9000 ");
    sessions_are("00B2010000 > 6C03\n00B2010004 > 0102039000", false, "B2:0L+0=6C03 B2:0L+3=9000 ");
    sessions_are("00B2010000 > 6C03\n00B2020003 > 0102039000", false, "B2:0L+0=6C03 B2:0L+3=9000 ");
    sessions_are("0088000001AA > 6100\n00C0000000 > 6C02\n00C0000002 > 01029000", false, "88:1+2=9000 ");
    sessions_are("0088000001AA > 6102\n00C0000001 > 016101\n00C0000001 > 029000", false, "88:1+2=9000 ");
    sessions_are("00A40400020102 > 6105\n00B0000001 > 019000", false, "A4:2+0=6105 B0:0L+1=9000 ");
    sessions_are("00C0000005 > 6985", false, "C0:0L+0=6985 ");
    sessions_are("00A40400020102 > 6105\nreset > 3B00\n00C0000005 > 6985", false,
                 "A4:2+0=6105 00:0+2=0000 C0:0L+0=6985 ");
}

static void cards_are_told_apart(void)
{
    sessions_are("0088000001AA > 6102\np:0088000001AA > 6101\n00C0000002 > 01029000\np:00C0000001 > 039000", false,
                 "88:1+2=9000 p88:1+1=9000 ");
}

static void commands_are_split(void)
{
    sessions_are("00A40000 > 9000\n00A4000000 > 9000\n00A4040002010200 > 9000", false,
                 "A4:0+0=9000 A4:0L+0=9000 A4:2L+0=9000 ");
    sessions_are("00A40000000002AABB > 9000\n00B00000000100 > 9000\n00A40000000001AA0000 > 9000", false,
                 "A4:2+0=9000 B0:0L+0=9000 A4:1L+0=9000 ");
    sessions_are("00 > 6700\n00A40400FF01 > 6700\n0084000008 >\n0084000008 > 90", false,
                 "00:0+0=6700 A4:1+0=6700 84:0L+0=0000 84:0L+0=0000 ");
}

/* A record may hold a command shorter than a header, or none: there is nothing that could be sent again. */
static void a_command_without_header_joins_nothing(void)
{
    sessions_are("> 6C05\n00A4000005 > 9000", false, "00:0+0=6C05 A4:0L+0=9000 ");
    sessions_are("> 9000\n00A4000005 > 9000", false, "00:0+0=9000 A4:0L+0=9000 ");
    sessions_are("00A4 > 6C05\n00A4000005 > 9000", false, "00:0+0=6C05 A4:0L+0=9000 ");
}

static void masks_stay_with_their_bytes(void)
{
    oc_kit_session kit = oc_kit_exchanges("0088000001.. > 016102\n00C0000002 > ..029000");
    oc_session session = {0};
    OC_ASSERT_OK(oc_session_build(&session, kit.raw, kit.count, false));
    CU_ASSERT_EQUAL_FATAL(session.count, 1);
    CU_ASSERT_FALSE(oc_seen_is_known(session.at[0].data));
    CU_ASSERT_TRUE(oc_seen_is_known(session.at[0].header));
    CU_ASSERT_TRUE(oc_seen_is_known(oc_seen_slice(session.at[0].answer, 0, 1)));
    CU_ASSERT_FALSE(oc_seen_is_known(oc_seen_slice(session.at[0].answer, 1, 1)));
    CU_ASSERT_TRUE(oc_seen_is_known(oc_seen_slice(session.at[0].answer, 2, 1)));
    CU_ASSERT_EQUAL(session.at[0].answer.bytes.len, 3);
    oc_session_free(&session);
    oc_kit_exchanges_free(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"T=0 is joined", t0_is_joined},
        {"cards are told apart", cards_are_told_apart},
        {"commands are split", commands_are_split},
        {"a command without header joins nothing", a_command_without_header_joins_nothing},
        {"masks stay with their bytes", masks_stay_with_their_bytes},
        {NULL, NULL}};
    return oc_test_main("judge: sessions", rows);
}

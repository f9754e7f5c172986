/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/capture.h"

#include <stdio.h>
#include <stdlib.h>

#include "conformance/judge/pcap_out.h"
#include "tests/unit/judge_kit.h"

#define MAP                                                                                                           \
    "<log-map xmlns='urn:onecard:log-map:1'><line kind='reset' match='ATR=([0-9A-F]+)' answer='1'/>"                  \
    "<line kind='command' match='^>> *(.*)$' command='1'/><line kind='answer' match='^&lt;&lt; *(.*)$' answer='1'/>"  \
    "<line kind='exchange' actor='psam' match='SAM ([0-9a-f]+)/([0-9a-f]+)' command='1' answer='2'/></log-map>"

#define RESULT(step, exchange)                                                                                        \
    "<?xml version=\"1.0\"?><result><case id=\"TERM.A\"><step id=\"s\" kind=\"" step "\">" exchange                   \
    "</step></case></result>"
#define EXCHANGE(command, response)                                                                                   \
    "<exchange actor=\"card\" begin-ns=\"5\" duration-ns=\"2\"><command>" command "</command><response>" response     \
    "</response></exchange>"

/* "2 TERM.A 0020:4 9000": sessions, the first name, commands with their first bytes and lengths, status words. */
static void describe(const oc_capture *capture, char *out, size_t room)
{
    size_t used = (size_t)snprintf(out, room, "%s %zu", capture->format, capture->session_count);
    for (size_t i = 0; i < capture->count && used < room; i++) {
        const oc_raw_exchange *raw = &capture->at[i];
        oc_span answer = raw->response.bytes;
        char sw[5] = "-";
        if (!raw->failed && answer.len >= 2) {
            snprintf(sw, sizeof sw, "%02X%02X", answer.at[answer.len - 2], answer.at[answer.len - 1]);
        }
        used += (size_t)snprintf(out + used, room - used, " %s%s%zu%s>%zu=%s",
                                 raw->actor == OC_PATTERN_PSAM ? "p" : "", raw->is_reset ? "R" : "",
                                 raw->command.bytes.len, oc_seen_is_known(raw->command) ? "" : "m", answer.len, sw);
    }
}

static oc_result profile_pin(void *self, const char *reference, oc_buf *out)
{
    (void)self;
    return strcmp(reference, "pin") == 0 ? oc_buf_append(out, oc_test_hex("123456")) : oc_fail(OC_E_NOT_FOUND);
}

static void reads_as(oc_span content, const char *map_xml, bool calls_only, const char *expected)
{
    const oc_scope scope = {NULL, NULL, profile_pin};
    oc_capture capture = {.name = "kit", .scope = &scope, .calls_only = calls_only};
    oc_log_map *map = NULL;
    oc_diag diag = {0};
    char text[900] = "";
    if (map_xml != NULL) {
        OC_ASSERT_OK(oc_log_map_parse(&map, oc_span_text(map_xml), "map", &diag));
    }
    oc_result r = oc_capture_read(&capture, content, map, &diag);
    if (oc_is_ok(r)) {
        describe(&capture, text, sizeof text);
    } else {
        snprintf(text, sizeof text, "%s %s:%ld %s", oc_code_name(r.code), diag.file, diag.line, diag.reason);
    }
    if (strncmp(text, expected, strlen(expected)) != 0) {
        printf("\n    %s\n    instead of %s", text, expected);
        CU_FAIL("capture");
    }
    oc_capture_free(&capture);
    oc_log_map_free(&map);
}

static void reads_text(const char *content, bool calls_only, const char *expected)
{
    reads_as(oc_span_text(content), NULL, calls_only, expected);
}

static void own_records_are_read(void)
{
    reads_text(RESULT("call", EXCHANGE("0020000003{@pin}", "9000")), true, "result 1 8>2=9000");
    reads_text(RESULT("call", EXCHANGE("0020000003{3 bytes}", "9000")), true, "result 1 8m>2=9000");
    reads_text(RESULT("call", EXCHANGE("0020000003{@other}", "9000")), true, "result 1 8m>2=9000");
    reads_text(RESULT("call", EXCHANGE("00B2012800", "0A01{@other}9000")), true, "result 1 5>4=9000");
    reads_text(RESULT("call", EXCHANGE("reset cold", "3B00")), true, "result 1 R0>2=3B00");
    reads_text(RESULT("apdu", EXCHANGE("00A4000000", "9000")), false, "result 1 5>2=9000");
    reads_text(RESULT("apdu", EXCHANGE("00A4000000", "9000")), true, "FORMAT kit:0 no exchange");
    reads_text(RESULT("call", EXCHANGE("00A40000zz", "9000")), true, "FORMAT kit:1 00A40000zz > 9000 is no exchange");
    reads_text(RESULT("call", EXCHANGE("0020000003{@pin", "9000")), true, "FORMAT kit:1");
    reads_text("<?xml version=\"1.0\"?><result><case", true, "FORMAT kit:1");
    reads_text("<?xml version=\"1.0\"?><suite/>", true, "FORMAT kit:1 this is no result");
    reads_text("onecard-journal 1\n9 00 <case id=\"A\"><step kind=\"call\">" EXCHANGE("00A4000000",
                                                                                      "9000") "</step></case>\n9 0",
               true, "journal 1 5>2=9000");
    reads_text("onecard-journal 1\nnothing\n", true, "FORMAT kit:2 this line holds no entry");
    reads_text("onecard-journal 1\n9 00 <case id=\n", true, "FORMAT kit:2");
}

#define APDU(case, command, response)                                                                                 \
    "{\"event\":\"apdu\",\"pass\":\"p\",\"case\":\"" case "\",\"actor\":\"card\",\"command\":\"" command              \
                                                          "\",\"response\":\"" response                               \
                                                          "\",\"begin-ns\":1,\"duration-ns\":1}\n"
#define STEP(case, kind) "{\"event\":\"step\",\"pass\":\"p\",\"case\":\"" case "\",\"kind\":\"" kind "\"}\n"

static void events_are_read(void)
{
    /* Mixed lines of two cases; the kind of a step stands behind its exchanges. */
    reads_text("{\"event\":\"run-started\"}\n" APDU("A", "00A4000000", "9000") APDU("B", "0084000008", "6D00")
                   STEP("A", "call") APDU("A", "00B0000000", "6A82") STEP("B", "call")
                       STEP("A", "apdu") "{\"event\":\"verdict\",\"pass\":\"p\",\"case\":\"A\"}\n",
               true, "events 2 5>2=9000 5>2=6D00");
    reads_text(APDU("A", "00A4000000", "9000"), false, "events 1 5>2=9000");
    reads_text("{\"event\":\n", true, "FORMAT kit:1 this line is no JSON object");
    reads_text("{\"event\":\"run-started\"}\n[]\n", true, "FORMAT kit:2");
    reads_text("{\"a\":1}\n", true, "FORMAT kit:0 no exchange");
    reads_text(APDU("A", "00A4zz0000", "9000"), false, "FORMAT kit:1 00A4zz0000");
}

#define CALL(handle, command, answer, rv)                                                                             \
    "7F@>|10|5|SCardTransmit\n7F@" handle "\n7F@0x1\n7F@0x8\n7F@0x5\n7F@" command                                     \
    "\n7F@0x1\n7F@0x8\n7F@0x2\n7F@" answer "\n7F@<|10|9|SCardTransmit|text|" rv "\n"

static void spy_logs_are_read(void)
{
    const char
        *log = "7F@>|10|1|SCardConnect\n7F@0x77\n7F@Reader 00 00\n7F@<|10|2|SCardConnect|text|0x00000000\n" CALL(
            "0xAA", "00 84 00 00 08 ", "01 02 90 00 ", "0x00000000")
            CALL("0xBB", "80 70 00 00 ", "69 85 ", "0x00000000") CALL("0xAA", "00 B0 00 00 00 ", "NULL", "0x80100069");
    reads_text(log, true, "pcsc-spy 1 R0>0=- 5>4=9000 p4>2=6985 5>0=-");
    reads_text("garbage\n7F@>|1|1|SCardTransmit\n", true, "FORMAT kit:1 a line without THREAD@");
    reads_text("7F@>|x|1|SCardTransmit\n", true, "FORMAT kit:1 a call without time");
}

static void logs_are_read_through_a_map(void)
{
    reads_as(
        oc_span_text("noise\nATR=3B00\n>> 00 84 00 00 08\n<< 0x01-0x02 90:00\r\nSAM 80700000/6985\n>> 00A40000\n"),
        MAP, true, "log 1 R0>2=3B00 5>4=9000 p4>2=6985 4>0=-");
    reads_as(oc_span_text(">> 00 8\n"), MAP, true, "FORMAT kit:1 what the map takes for bytes is no hex");
    reads_as(oc_span_text("nothing\n"), MAP, true, "FORMAT kit:0 no exchange");
    reads_as(oc_span_of("\0\n", 2), MAP, true, "FORMAT kit:1 this line is no text");
}

static void refuse_map(const char *xml, const char *part)
{
    oc_log_map *map = NULL;
    oc_diag diag = {0};
    oc_result r = oc_log_map_parse(&map, oc_span_text(xml), "map.xml", &diag);
    CU_ASSERT_EQUAL(r.code, OC_E_FORMAT);
    CU_ASSERT_PTR_NULL(map);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, part));
    oc_log_map_free(&map);
}

static void maps_are_checked(void)
{
    refuse_map("<log-map/>", "without lines");
    refuse_map("<other/>", "no log map");
    refuse_map("<log-map><line kind='command' match='(' command='1'/></log-map>", "no extended regular expression");
    refuse_map("<log-map><line kind='command' match='a' command='1'/></log-map>", "which group");
    refuse_map("<log-map><line kind='answer' match='(a)' command='1'/></log-map>", "which group");
    refuse_map("<log-map><line kind='word' match='a'/></log-map>", "needs kind");
}

/* Packets: link type, then each with four bytes of time and its bytes. */
static oc_buf make_pcap(uint32_t magic, unsigned link, const char *const *packets)
{
    oc_buf out = {0};
    const uint32_t head[] = {magic, 0x00040002, 0, 0, 65535, link};
    OC_ASSERT_OK(oc_buf_append(&out, oc_span_of(head, sizeof head)));
    for (; *packets != NULL; packets++) {
        oc_span bytes = oc_test_hex(*packets);
        const uint32_t stamp[] = {1, 500, (uint32_t)bytes.len, (uint32_t)bytes.len};
        OC_ASSERT_OK(oc_buf_append(&out, oc_span_of(stamp, sizeof stamp)));
        OC_ASSERT_OK(oc_buf_append(&out, bytes));
    }
    return out;
}

#define UPPER(name, length, way) "000C" length name "00230004000000" way "00000000"
#define COMMAND UPPER("69736F37383136", "0007", "00")
#define ANSWER UPPER("69736F37383136", "0007", "01")
#define ATR UPPER("69736F373831362E617472", "000B", "01")

static const char *const upper[] = {ATR "3B00",         COMMAND "0084000008",           ANSWER "01029000",
                                    COMMAND "00A40000", UPPER("78", "0001", "00") "FF", NULL};
/* IPv4, UDP to 4729, GSMTAP of a SIM: an ATR, SELECT with data, READ BINARY. */
#define IP(total, udp, kind)                                                                                          \
    "4500" total "000000004011000000000000000000000001"                                                               \
    "1279" udp "0000"                                                                                                 \
    "02040400"                                                                                                        \
    "0000000000000000" kind "000000"
static const char *const gsmtap[] = {IP("002E", "001A", "01") "3B00", IP("0035", "0021", "00") "00A40000023F006118",
                                     IP("0036", "0022", "00") "00B000000301020390"
                                                              "00",
                                     NULL};

static void packets_are_read(void)
{
    oc_buf pcap = make_pcap(0xA1B23C4D, 252, upper);
    reads_as(oc_buf_span(&pcap), NULL, true, "pcap 1 R0>2=3B00 5>4=9000 4>0=-");
    /* Cut anywhere, it is read up to there or refused, with the packet. */
    for (size_t len = 0; len < pcap.len; len++) {
        oc_capture capture = {.name = "kit"};
        oc_diag diag = {0};
        oc_result r = oc_capture_read(&capture, oc_span_slice(oc_buf_span(&pcap), 0, len), NULL, &diag);
        CU_ASSERT(oc_is_ok(r) || (r.code == OC_E_FORMAT && diag.reason[0] != '\0'));
        oc_capture_free(&capture);
    }
    oc_buf_free(&pcap);
    pcap = make_pcap(0xA1B2C3D4, 105, upper);
    reads_as(oc_buf_span(&pcap), NULL, true, "FORMAT kit:0 packet 1: link type 105");
    oc_buf_free(&pcap);
    static const char *const cut[] = {"000C00FF69", NULL};
    pcap = make_pcap(0xA1B2C3D4, 252, cut);
    reads_as(oc_buf_span(&pcap), NULL, true, "FORMAT kit:0 packet 1: its tags run past its end");
    oc_buf_free(&pcap);
}

static void gsmtap_is_read(void)
{
    oc_buf pcap = make_pcap(0xA1B2C3D4, 101, gsmtap);
    reads_as(oc_buf_span(&pcap), NULL, true, "pcap 1 R0>2=3B00 7>2=6118 5>5=9000");
    oc_buf_free(&pcap);
}

/* A section, an interface of link type 252 and a packet of each kind, little endian. */
static void next_generation_is_read(void)
{
    oc_buf bytes = {0};
    OC_ASSERT_OK(oc_buf_append(&bytes, oc_test_hex("0A0D0D0A1C0000004D3C2B1A01000000FFFFFFFFFFFFFFFF1C000000")));
    OC_ASSERT_OK(oc_buf_append(&bytes, oc_test_hex("0100000014000000FC0000000000040014000000")));
    oc_span packet = oc_test_hex(COMMAND "0084000008");
    uint32_t padded = (uint32_t)(packet.len + 3) / 4 * 4;
    const uint32_t head[] = {6, 32 + padded, 0, 0, 7, (uint32_t)packet.len, (uint32_t)packet.len};
    OC_ASSERT_OK(oc_buf_append(&bytes, oc_span_of(head, sizeof head)));
    OC_ASSERT_OK(oc_buf_append(&bytes, packet));
    OC_ASSERT_OK(oc_buf_append(&bytes, oc_span_of("\0\0\0", padded - packet.len)));
    OC_ASSERT_OK(oc_buf_append(&bytes, oc_span_of(&head[1], 4)));
    reads_as(oc_buf_span(&bytes), NULL, true, "pcapng 1 5>0=-");
    bytes.at[56] = 9; /* another interface than there is */
    reads_as(oc_buf_span(&bytes), NULL, true, "FORMAT kit:0 packet 1: an unknown interface");
    oc_buf_free(&bytes);
}

static void what_is_nothing_is_refused(void)
{
    reads_text("", true, "FORMAT kit:0 the file is empty");
    reads_text("\x7F"
               "ELF",
               true, "FORMAT kit:0 no result.xml");
}

/* What is written is read again: directions, cards, masked bytes. */
static void written_packets_are_read_again(void)
{
    oc_kit_session kit = oc_kit_exchanges(
        "reset > 3B00\n0020000003...... > 63C2\np:8070 0100 > 3B019000\n0084000008 >");
    oc_capture capture = {.name = "kit", .format = "log"};
    for (size_t i = 0; i < kit.count; i++) {
        OC_ASSERT_OK(oc_capture_add(&capture, &kit.raw[i]));
    }
    oc_buf pcap = {0};
    OC_ASSERT_OK(oc_pcap_append(&capture, &pcap));
    reads_as(oc_buf_span(&pcap), NULL, true, "pcap 1 R0>2=3B00 8m>2=63C2 p4>4=9000 5>0=-");
    oc_buf_free(&pcap);
    oc_capture_free(&capture);
    oc_kit_exchanges_free(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {{"own records are read", own_records_are_read},
                                       {"events are read", events_are_read},
                                       {"spy logs are read", spy_logs_are_read},
                                       {"logs are read through a map", logs_are_read_through_a_map},
                                       {"maps are checked", maps_are_checked},
                                       {"packets are read", packets_are_read},
                                       {"GSMTAP is read", gsmtap_is_read},
                                       {"pcapng is read", next_generation_is_read},
                                       {"what is nothing is refused", what_is_nothing_is_refused},
                                       {"written packets are read again", written_packets_are_read_again},
                                       {NULL, NULL}};
    return oc_test_main("judge: captures", rows);
}

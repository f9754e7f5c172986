/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tests/unit/judge_kit.h"

#define NONE SIZE_MAX

struct row {
    const char *attributes, *patterns, *exchanges;
    enum oc_holding holding;
    enum oc_breach_of_pattern breach;
    size_t at; /* exchange from 0 */
};

static void try_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        oc_observed seen = oc_kit_observe(rows[i].attributes, rows[i].patterns, rows[i].exchanges);
        bool right = seen.holding == rows[i].holding && seen.breach == rows[i].breach && seen.at == rows[i].at;
        if (!right) {
            printf("\n    row %zu, %s: holding %d, breach %d, at %zu", i, rows[i].patterns, (int)seen.holding,
                   (int)seen.breach, seen.at);
        }
        CU_ASSERT(right);
    }
}

#define TRY(rows) try_rows(rows, sizeof(rows) / sizeof(rows)[0])
#define HOLDS OC_HOLDS, OC_PATTERN_NO_BREACH, NONE

#define SESSION                                                                                                       \
    "reset > 3B00\n00A40400020102 > 6105\n00C0000005 > 6F03010203 9000\n0084000008 > 0102030405060708 9000\n"         \
    "0082000A02AABB > 63C2\n0082000A02AABB > 9000\n00B2012800 > 6C03\n00B2012803 > 0A0132 9000\n"

static void musts_are_counted(void)
{
    static const struct row rows[] = {
        {"", "<must ins=\"82\"/>", SESSION, HOLDS},
        {"", "<must ins=\"82\" times=\"2\"/>", SESSION, HOLDS},
        {"", "<must ins=\"82\" times=\"3-\"/>", SESSION, OC_BROKEN, OC_PATTERN_TOO_FEW, 4},
        {"", "<must ins=\"82\" times=\"1\"/>", SESSION, OC_BROKEN, OC_PATTERN_TOO_MANY, 4},
        {"", "<may ins=\"82\" times=\"0-1\"/>", SESSION, OC_BROKEN, OC_PATTERN_TOO_MANY, 4},
        {"", "<may ins=\"82\" times=\"0-2\"/>", SESSION, HOLDS},
        {"", "<must ins=\"88\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", "<must ins=\"88\" when=\"reads\"/><may id=\"reads\" ins=\"B2\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING,
         NONE},
        {"", "<must ins=\"88\" when=\"writes\"/><may id=\"writes\" ins=\"DC\"/>", SESSION, HOLDS},
        {"", "<must-not ins=\"B2\"/>", SESSION, OC_BROKEN, OC_PATTERN_FORBIDDEN, 5},
        {"", "<must-not ins=\"DC\"/>", SESSION, HOLDS},
    };
    TRY(rows);
}

static void parts_are_compared(void)
{
    static const struct row rows[] = {
        {"", "<must cla=\"00\" ins=\"A4\" p1=\"0?\" p2=\"00\" data=\"01 0?\" answer=\"6F * 03\" sw=\"9000\"/>",
         SESSION, HOLDS},
        {"", "<must ins=\"A4\" data=\"01\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", "<must ins=\"82\" sw=\"63C?\" p2=\"not 0B 0C\"/>", SESSION, HOLDS},
        {"", "<must ins=\"82\" sw=\"63C?\" p2=\"not 0A 0C\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", "<must ins=\"82\" data=\"$eight\"/>", "00820000080102030405060708 > 9000", HOLDS},
        {"", "<must ins=\"82\" data=\"$eight[2:2] *\"/>", "00820000020304 > 9000", HOLDS},
        {"", "<must-not ins=\"82\" data=\"$unknown *\"/>", SESSION, HOLDS},
        {"", "<must ins=\"20\" data=\"@pin\"/>", "0020000003123456 > 9000", HOLDS},
        {"", "<must ins=\"20\" data=\"@pin\"/>", "0020000003123457 > 9000", OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", "<must-not ins=\"not 20\" data=\"* @pin *\"/>", "0020000003123456 > 9000\n00DC00000400123456 > 9000",
         OC_BROKEN, OC_PATTERN_FORBIDDEN, 1},
        {"", "<must ins=\"84\" le=\"08\"/><must ins=\"A4\" le=\"none\"/>", SESSION, HOLDS},
        {"", "<must ins=\"84\" le=\"not 08\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", "<must sw=\"none\"/>", "0084000008 >", HOLDS},
        {"", "<must-not sw=\"not 9000\"/>", "0084000008 >", OC_BROKEN, OC_PATTERN_FORBIDDEN, 0},
        {"", "<must command=\"00 82 * BB\"/>", SESSION, HOLDS},
        {"", "<must reset=\"cold\" answer=\"3B *\"/>", SESSION, HOLDS},
        {"", "<must reset=\"warm\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"actor=\"psam\"", "<must ins=\"84\"/>", SESSION "p:0084000004 > 010203049000\n", HOLDS},
        {"actor=\"psam\"", "<must ins=\"84\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"actor=\"psam\"", "<must ins=\"84\" actor=\"any\"/>", SESSION, HOLDS},
        {"", "<must ins=\"C0\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"exchanges=\"raw\"", "<must ins=\"C0\"/><must ins=\"B2\" times=\"2\"/>", SESSION, HOLDS},
    };
    TRY(rows);
}

#define FAILED "<may id=\"failed\" ins=\"82\" sw=\"not 9000\"/>"
#define RIGHT "<may id=\"right\" ins=\"82\" sw=\"9000\"/>"

static void places_are_judged(void)
{
    static const struct row rows[] = {
        {"", FAILED "<must-not ins=\"B2\" after=\"failed\"/>", SESSION, OC_BROKEN, OC_PATTERN_FORBIDDEN, 5},
        {"", FAILED RIGHT "<must-not ins=\"B2\" after=\"failed\" until=\"right\"/>", SESSION, HOLDS},
        {"", FAILED "<must-not ins=\"B2\" after=\"failed\" directly=\"true\"/>", SESSION, HOLDS},
        {"", FAILED "<must-not ins=\"82\" after=\"failed\" directly=\"true\"/>", SESSION, OC_BROKEN,
         OC_PATTERN_FORBIDDEN, 4},
        {"", RIGHT "<must-not ins=\"B2\" unless=\"right\"/>", SESSION, HOLDS},
        {"", RIGHT "<must-not ins=\"84\" unless=\"right\"/>", SESSION, OC_BROKEN, OC_PATTERN_FORBIDDEN, 2},
        {"", RIGHT "<must ins=\"84\" before=\"right\"/>", SESSION, HOLDS},
        {"", RIGHT "<must ins=\"B2\" before=\"right\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", RIGHT "<must ins=\"84\" before=\"right\" directly=\"true\"/>", SESSION, OC_BROKEN, OC_PATTERN_MISSING,
         NONE},
        {"", "<may id=\"ask\" ins=\"84\"/><must-not ins=\"82\" unless=\"ask\" directly=\"true\"/>", SESSION, OC_BROKEN,
         OC_PATTERN_FORBIDDEN, 4},
        {"", "<may id=\"on\" reset=\"any\"/>" RIGHT "<must-not ins=\"B2\" unless=\"right\" until=\"on\"/>",
         SESSION "reset > 3B00\n00B2012803 > 0A01329000\n", OC_BROKEN, OC_PATTERN_FORBIDDEN, 7},
        {"", RIGHT "<must-not ins=\"82\" except=\"right\"/>", SESSION, OC_BROKEN, OC_PATTERN_FORBIDDEN, 3},
        {"", FAILED RIGHT "<must-not ins=\"82\" except=\"right failed\"/>", SESSION, HOLDS},
        /* The exchange next to it with the same card: the PSAM's between do not matter. */
        {"", "<may id=\"ask\" ins=\"84\"/><must-not ins=\"82\" unless=\"ask\" directly=\"true\"/>",
         "0084000008 > 0102030405060708 9000\np:BFDE000000 > 9000\n0082000A02AABB > 9000", HOLDS},
        {"order=\"fixed\"", "<must ins=\"A4\"/><must ins=\"84\"/><must ins=\"B2\"/>", SESSION, HOLDS},
        {"order=\"fixed\"", "<must ins=\"A4\"/><must ins=\"B2\"/><must ins=\"84\"/>", SESSION, OC_BROKEN,
         OC_PATTERN_ORDER, 2},
        {"order=\"fixed\"", "<must ins=\"82\" times=\"2\"/><must ins=\"B2\"/>", SESSION, HOLDS},
        {"rest=\"none\"", "<must ins=\"A4\"/><may ins=\"84 82 B2\"/>", SESSION, HOLDS},
        {"rest=\"none\"", "<must ins=\"A4\"/><may ins=\"84 B2\"/>", SESSION, OC_BROKEN, OC_PATTERN_UNNAMED, 3},
    };
    TRY(rows);
}

#define FRESH "<may ins=\"84\"><take name=\"rnd\" len=\"8\" fresh=\"true\"/></may>"
#define SAME "<may ins=\"84\"><take name=\"rnd\" from=\"header\" same=\"true\"/></may>"

static void values_are_held_against_each_other(void)
{
    static const struct row rows[] = {
        {"", FRESH, "0084000008 > 0102030405060708 9000\n0084000008 > 0102030405060709 9000", HOLDS},
        {"", FRESH,
         "0084000008 > 0102030405060708 9000\n0084000008 > 0102030405060709 9000\n0084000008 > 0102030405060708 9000",
         OC_BROKEN, OC_PATTERN_REPEATED, 2},
        {"", FRESH, "0084000004 > 01020304 9000\n0084000004 > 01020304 9000", HOLDS},
        {"", SAME, "0084000008 > 0102030405060708 9000\n0084000008 > 0102030405060709 9000", HOLDS},
        {"", SAME, "0084000008 > 0102030405060708 9000\n0084010008 > 0102030405060709 9000", OC_BROKEN,
         OC_PATTERN_DIFFERS, 1},
        {"", "<may ins=\"84\"><take name=\"rnd\"/></may><must ins=\"82\" data=\"$rnd[0:2]\"/>",
         "0084000004 > 01020304 9000\n00820000020102 > 9000", HOLDS},
        {"", "<may ins=\"84\"><take name=\"rnd\"/></may><must ins=\"82\" data=\"$rnd[0:2]\"/>",
         "0084000004 > 01020304 9000\n00820000020202 > 9000", OC_BROKEN, OC_PATTERN_MISSING, NONE},
        /* A take serves what comes behind it, and not its own exchange. */
        {"", "<must id=\"w\" sw=\"6C??\"><take name=\"le\" from=\"sw\" off=\"1\"/></must><must le=\"$le\"/>",
         "00B2000008 > 6C08", OC_BROKEN, OC_PATTERN_MISSING, NONE},
    };
    TRY(rows);
}

static void masked_bytes_leave_it_open(void)
{
    static const struct row rows[] = {
        {"", "<must-not ins=\"20\" data=\"12 *\"/>", "0020000003...... > 9000", OC_HOLDS_UNKNOWN, OC_PATTERN_FORBIDDEN,
         0},
        {"", "<must ins=\"20\" data=\"?? ?? ??\"/>", "0020000003...... > 9000", HOLDS},
        {"", "<must ins=\"20\" data=\"123456\"/>", "0020000003...... > 9000", OC_HOLDS_UNKNOWN, OC_PATTERN_MISSING, 0},
        {"", "<must ins=\"20\" data=\"12345678\"/>", "0020000003...... > 9000", OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", "<must ins=\"B2\" answer=\"0A *\"/>", "00B2012800 > 0A~9000", HOLDS},
        {"", "<must ins=\"B2\" answer=\"0A 01 32\"/>", "00B2012800 > 0A~9000", OC_HOLDS_UNKNOWN, OC_PATTERN_MISSING,
         0},
        {"", "<must ins=\"B2\" answer=\"0B *\"/>", "00B2012800 > 0A~9000", OC_BROKEN, OC_PATTERN_MISSING, NONE},
        {"", "<must ins=\"B2\" sw=\"9000\"/>", "00B2012800 > ~9000", HOLDS},
        {"", FRESH, "0084000008 > ................ 9000\n0084000008 > 0102030405060708 9000", OC_HOLDS_UNKNOWN,
         OC_PATTERN_REPEATED, 0},
        {"", "<may id=\"v\" ins=\"20\"><take name=\"p\" from=\"data\"/></may><must-not ins=\"DC\" data=\"* $p *\"/>",
         "0020000003...... > 9000\n00DC0000040A023132 > 9000", OC_HOLDS_UNKNOWN, OC_PATTERN_FORBIDDEN, 1},
    };
    TRY(rows);
}

int main(void)
{
    static const oc_test_row rows[] = {{"musts are counted", musts_are_counted},
                                       {"parts are compared", parts_are_compared},
                                       {"places are judged", places_are_judged},
                                       {"values are held against each other", values_are_held_against_each_other},
                                       {"masked bytes leave it open", masked_bytes_leave_it_open},
                                       {NULL, NULL}};
    return oc_test_main("judge: patterns", rows);
}

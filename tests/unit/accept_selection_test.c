/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/selection.h"

#include "conformance/accept/label.h"
#include "conformance/accept/submission.h"
#include "sim/base/hex.h"
#include "tests/support/oc_test.h"

#define SUITE(touches, steps, negative)                                                                               \
    "<suite xmlns='urn:onecard:vectors:1' area='card'><title xml:lang='en'>t</title><title xml:lang='zh'>t</title>"   \
    "<case id='CARD.A.B' rev='1' touches='" touches "'><title xml:lang='en'>t</title><title xml:lang='zh'>t</title>"  \
    "<req>SSC.A.B</req><steps>" steps "</steps>" negative "</case></suite>"
#define READ "<apdu id='read' cla='00' ins='B2' p1='01' p2='04' le='00'><sw>9000</sw></apdu>"

/* The units and cases that remain of a suite of one case. */
static void expect(const char *xml, size_t units, size_t cases)
{
    oc_vectors *vectors = NULL;
    oc_diag diag = {0};
    oc_plan all = {0};
    oc_read_only_plan kept = {0};
    oc_result r = oc_vectors_parse(&vectors, oc_span_text(xml), "t.xml", &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s\n", diag.reason);
    }
    OC_ASSERT_OK(r);
    OC_ASSERT_OK(oc_plan_make(&all, vectors, &(oc_selection){.id_regex = "."}, &diag));
    CU_ASSERT_EQUAL(all.unit_count, 1);
    OC_ASSERT_OK(oc_read_only_plan_make(&kept, &all));
    CU_ASSERT_EQUAL(kept.plan.unit_count, units);
    CU_ASSERT_EQUAL(kept.plan.case_count, cases);
    oc_read_only_plan_free(&kept);
    oc_plan_free(&all);
    oc_vectors_free(&vectors);
}

static void only_what_reads_is_kept(void)
{
    static const char *const writing[] = {
        "<apdu id='x' cla='00' ins='DC' p1='01' p2='04' data='00'><sw>6982</sw></apdu>",
        "<apdu id='x' cla='04' ins='B2' p1='01' p2='04' le='00'><sw>6982</sw></apdu>",
        "<apdu id='x' cla='00' ins='20' p1='00' p2='00' data='123456'><sw>9000</sw></apdu>",
        "<apdu id='x' cla='00' ins='82' p1='00' p2='04' data='00'><sw>63C?</sw></apdu>",
        "<apdu id='x' cla='B0' ins='26' p1='00' p2='01' le='04'><sw>9000</sw></apdu>",
        "<let id='i' fn='random' len='1'/><apdu id='x' cla='00' ins='$i' p1='01' p2='04'><sw>9000</sw></apdu>",
        "<apdu id='x' to='psam' cla='00' ins='B0' p1='96' p2='00' le='06'><sw>9000</sw></apdu>",
        "<tpdu id='x' data='00B2010400'><sw>9000</sw></tpdu>",
    };
    expect(SUITE("volatile", READ, ""), 1, 1);
    expect(SUITE("none", READ "<reset kind='warm'/>", ""), 1, 1);
    expect(SUITE("counters", READ, ""), 0, 0);
    expect(SUITE("records", READ, "<restore>" READ "</restore>"), 0, 0);
    expect(SUITE("volatile", READ, "<restore>" READ "</restore>"), 0, 0);
    for (size_t i = 0; i < sizeof writing / sizeof writing[0]; i++) {
        char xml[2048];
        snprintf(xml, sizeof xml, SUITE("volatile", READ "%s", ""), writing[i]);
        expect(xml, 0, 0);
    }
}

/* A negative that writes goes, its twin stays, and so does a negative that reads. */
static void negatives_are_looked_at_too(void)
{
    expect(SUITE("volatile", READ,
                 "<negative id='CARD.A.B.C' because='wrong-p1p2'><edit step='read' set='p1' to='09'/>"
                 "<expect step='read'><sw>6A83</sw></expect></negative>"
                 "<negative id='CARD.A.B.D' because='wrong-ins'><edit step='read' set='ins' to='D2'/>"
                 "<expect step='read'><sw>6D00</sw></expect></negative>"),
           1, 2);
}

/* What is shipped: the filter finds cases, and each submission item that names vectors has some. */
static void items_have_their_vectors(void)
{
    oc_vectors *vectors = NULL;
    oc_plan all = {0};
    oc_read_only_plan kept = {0};
    oc_diag diag = {0};
    const char *paths[] = {"vectors/card"};
    OC_ASSERT_OK(oc_vectors_load(&vectors, paths, 1, "vectors/schema/vectors.xsd", &diag));
    OC_ASSERT_OK(oc_plan_make(&all, vectors, &(oc_selection){.id_regex = oc_submission_filter()}, &diag));
    OC_ASSERT_OK(oc_read_only_plan_make(&kept, &all));
    for (unsigned at = 0; at < OC_SUBMISSION_ITEMS; at++) {
        const oc_submission_item *item = oc_submission_item_at(at);
        CU_ASSERT_EQUAL(item->number, at + 1);
        for (size_t c = 0; c < OC_SUBMISSION_CASES && item->cases[c] != NULL; c++) {
            size_t count = 0;
            for (size_t i = 0; i < kept.plan.unit_count; i++) {
                count += strncmp(kept.plan.units[i]->id, item->cases[c], strlen(item->cases[c])) == 0;
            }
            if (count == 0) {
                printf("\n    no vector begins with %s\n", item->cases[c]);
            }
            CU_ASSERT(count > 0);
        }
    }
    oc_read_only_plan_free(&kept);
    oc_plan_free(&all);
    oc_vectors_free(&vectors);
}

/* Worked number: SHA-256(k || SHA-256(k || "990000308")) with k = 00..1F, by another implementation. */
static void labels(void)
{
    uint8_t key[OC_LABEL_KEY];
    char label[OC_LABEL_MAX];
    oc_crypto *crypto = NULL;
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    for (unsigned i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)i;
    }
    OC_ASSERT_OK(oc_label_make(label, crypto, key, oc_span_text("990000308"), false));
    CU_ASSERT_STRING_EQUAL(label, "99*****08#209D591F");
    OC_ASSERT_OK(oc_label_make(label, crypto, key, oc_span_text("990000308"), true));
    CU_ASSERT_STRING_EQUAL(label, "990000308#209D591F");
    /* too short to show anything of it; bytes; nothing at all */
    OC_ASSERT_OK(oc_label_make(label, crypto, key, oc_span_text("123456"), false));
    CU_ASSERT_EQUAL(strncmp(label, "******#", 7), 0);
    OC_ASSERT_OK(oc_label_make(label, crypto, key, oc_test_hex("990100D156000005"), false));
    CU_ASSERT_EQUAL(strncmp(label, "99************05#", 17), 0);
    OC_ASSERT_OK(oc_label_make(label, crypto, key, oc_span_empty(), false));
    CU_ASSERT_EQUAL(strncmp(label, "?#", 2), 0);
    oc_crypto_free(&crypto);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"only what reads is kept", only_what_reads_is_kept},
        {"negatives are looked at, too", negatives_are_looked_at_too},
        {"items have their vectors", items_have_their_vectors},
        {"labels", labels},
        {NULL, NULL},
    };
    return oc_test_main("acceptance's choices", rows);
}

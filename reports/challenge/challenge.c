/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/challenge/challenge.h"

#include <libxml/xmlwriter.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <strings.h>

#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"

#define PATH_ROOM 4096
#define EARLY_S ((int64_t)24 * 60 * 60) /* clocks of two machines differ, and zones are set wrong */

struct oc_challenge {
    oc_xml_doc *doc;
    oc_plan_lines plan;
    oc_cms_signers signers;
    bool trusted;
    int64_t issued, expires;
    char digest[65];
    uint64_t seed;
};

static const char *attribute(const oc_challenge *challenge, const char *name)
{
    return oc_xml_attr(oc_xml_root(challenge->doc), name);
}

static oc_result check_signature(oc_challenge *challenge, oc_span text, const char *path, const oc_trust *trust,
                                 oc_diag *diag)
{
    char beside[PATH_ROOM];
    oc_buf p7s = {0};
    oc_diag found = {0};
    int len = snprintf(beside, sizeof beside, "%s" OC_CHALLENGE_SIGNATURE, path);
    if (len < 0 || (size_t)len >= sizeof beside) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "path too long");
    }
    OC_TRY(oc_file_read(&p7s, beside, OC_CMS_BYTES_MAX, diag));
    oc_result r = oc_cms_verify(&challenge->signers, oc_buf_span(&p7s), text, trust, &found);
    oc_buf_free(&p7s);
    if (r.code == OC_E_FORMAT) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, beside, 0,
                               "the challenge is altered, or not signed as it must be: %s", found.reason);
    }
    challenge->trusted = trust != NULL;
    return r;
}

static oc_result read_plan(oc_challenge *challenge, oc_diag *diag)
{
    char digest[65];
    const xmlNode *plan = oc_xml_child(oc_xml_root(challenge->doc), "plan");
    for (const xmlNode *pass = oc_xml_child(plan, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        for (const xmlNode *one = oc_xml_child(pass, "case"); one != NULL; one = oc_xml_next(one, "case")) {
            OC_TRY(oc_plan_lines_add(&challenge->plan, oc_xml_attr(pass, "id"), oc_xml_attr(one, "id"),
                                     (unsigned)strtoul(oc_xml_attr(one, "rev"), NULL, 10)));
        }
    }
    OC_TRY(oc_plan_lines_digest(&challenge->plan, digest));
    return strcasecmp(digest, oc_xml_attr(plan, "sha256")) == 0
               ? oc_ok()
               : oc_xml_fail(challenge->doc, plan, diag, OC_E_FORMAT, "the digest is not that of the plan below it");
}

static oc_result read_time(const oc_challenge *challenge, const char *name, int64_t *out, oc_diag *diag)
{
    oc_clock clock;
    if (!oc_is_ok(oc_clock_parse(&clock, attribute(challenge, name)))) {
        return oc_xml_fail(challenge->doc, oc_xml_root(challenge->doc), diag, OC_E_FORMAT, "%s is no time", name);
    }
    *out = clock.seconds;
    return oc_ok();
}

/* And the digest of the file. */
static oc_result make_seed(oc_challenge *challenge, oc_span file)
{
    static const char label[] = "onecard-challenge-1"; /* with its closing zero */
    uint8_t digest[32];
    oc_buf text = {0};
    const char *nonce = oc_challenge_nonce(challenge);
    oc_result r = EVP_Digest(file.at, file.len, digest, NULL, EVP_sha256(), NULL) == 1 ? oc_ok()
                                                                                       : oc_fail(OC_E_CRYPTO);
    oc_hex_encode(challenge->digest, sizeof challenge->digest, oc_span_of(digest, oc_is_ok(r) ? sizeof digest : 0));
    if (oc_is_ok(r)) {
        r = oc_buf_append(&text, oc_span_of(label, sizeof label));
    }
    if (oc_is_ok(r)) {
        r = oc_hex_decode(&text, nonce, strlen(nonce));
    }
    if (oc_is_ok(r)) {
        r = oc_buf_append(&text, oc_span_of(digest, sizeof digest));
    }
    if (oc_is_ok(r) && EVP_Digest(text.at, text.len, digest, NULL, EVP_sha256(), NULL) != 1) {
        r = oc_fail(OC_E_CRYPTO);
    }
    for (size_t i = 0; oc_is_ok(r) && i < 8; i++) {
        challenge->seed = challenge->seed << 8 | digest[i];
    }
    oc_buf_free(&text);
    return r;
}

static oc_result read_all(oc_challenge *challenge, oc_span text, const char *path, const char *schema_path,
                          const oc_trust *trust, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    OC_TRY(check_signature(challenge, text, path, trust, diag));
    OC_TRY(oc_xml_parse(&challenge->doc, text, path, &(oc_xml_limits){.bytes = OC_CHALLENGE_BYTES_MAX}, diag));
    OC_TRY(oc_xml_schema_new(&schema, schema_path, diag));
    oc_result r = oc_xml_validate(challenge->doc, schema, diag);
    oc_xml_schema_free(&schema);
    OC_TRY(r);
    OC_TRY(make_seed(challenge, text));
    OC_TRY(read_time(challenge, "issued", &challenge->issued, diag));
    OC_TRY(read_time(challenge, "expires", &challenge->expires, diag));
    return read_plan(challenge, diag);
}

oc_result oc_challenge_load(oc_challenge **out, const char *path, const char *schema_path, const oc_trust *trust,
                            oc_diag *diag)
{
    oc_buf text = {0};
    *out = NULL;
    oc_challenge *challenge = calloc(1, sizeof *challenge);
    oc_result r = challenge == NULL ? oc_fail(OC_E_MEMORY) : oc_file_read(&text, path, OC_CHALLENGE_BYTES_MAX, diag);
    if (oc_is_ok(r)) {
        r = read_all(challenge, oc_buf_span(&text), path, schema_path, trust, diag);
    }
    oc_buf_free(&text);
    if (!oc_is_ok(r)) {
        oc_challenge_free(&challenge);
    }
    *out = challenge;
    return r;
}

void oc_challenge_free(oc_challenge **challenge)
{
    if (*challenge != NULL) {
        oc_xml_free(&(*challenge)->doc);
        oc_plan_lines_free(&(*challenge)->plan);
        free(*challenge);
        *challenge = NULL;
    }
}

oc_result oc_challenge_check_time(const oc_challenge *challenge, int64_t now, oc_diag *diag)
{
    const char *name = oc_xml_doc_name(challenge->doc);
    if (now > challenge->expires) {
        return oc_diag_fail_at(diag, OC_E_USAGE, name, 0, "the challenge expired at %s: ask the examiner for another",
                               attribute(challenge, "expires"));
    }
    if (now + EARLY_S < challenge->issued) {
        return oc_diag_fail_at(diag, OC_E_USAGE, name, 0,
                               "the challenge is of %s, more than a day from now: this machine's clock is wrong",
                               attribute(challenge, "issued"));
    }
    return oc_ok();
}

/* The first line that only one of them has; NULL where they are the same. */
static const char *first_difference(const oc_plan_lines *a, const oc_plan_lines *b, bool *in_first)
{
    size_t i = 0;
    while (i < a->count && i < b->count && strcmp(a->at[i], b->at[i]) == 0) {
        i++;
    }
    *in_first = i < a->count && (i == b->count || strcmp(a->at[i], b->at[i]) < 0);
    return *in_first ? a->at[i] : i < b->count ? b->at[i] : NULL;
}

static oc_result check_plan(const oc_challenge *challenge, oc_plan_lines *plan, oc_diag *diag)
{
    bool demanded = false;
    oc_plan_lines_sort(plan);
    const char *line = first_difference(&challenge->plan, plan, &demanded);
    if (line == NULL) {
        return oc_ok();
    }
    size_t pass = strcspn(line, "\t");
    const char *one = line + pass + (line[pass] != '\0');
    return oc_diag_fail_at(diag, OC_E_USAGE, oc_xml_doc_name(challenge->doc), 0,
                           "the run is not the one that is demanded: %.*s in %.*s is %s", (int)strcspn(one, "\t"), one,
                           (int)pass, line, demanded ? "demanded, and this run does not have it" : "not demanded");
}

static bool same(const char *a, const char *b)
{
    return strcasecmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

oc_result oc_challenge_check(const oc_challenge *challenge, const oc_challenge_demand *run, oc_diag *diag)
{
    const xmlNode *inputs = oc_xml_child(oc_xml_root(challenge->doc), "inputs");
    const struct {
        const char *demanded;
        const char *given;
        const char *what;
    } rules[] = {
        {oc_challenge_ics(challenge), run->ics, "the declaration of the item (--ics)"},
        {oc_xml_attr(inputs, "vectors"), run->vectors, "the vector files"},
        {oc_xml_attr(inputs, "profiles"), run->profiles, "the card profiles"},
        {oc_xml_attr(inputs, "requirements"), run->requirements, "the requirements"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!same(rules[i].demanded, rules[i].given)) {
            return oc_diag_fail_at(diag, OC_E_USAGE, oc_xml_doc_name(challenge->doc), 0,
                                   "%s: not what the challenge demands", rules[i].what);
        }
    }
    return check_plan(challenge, run->plan, diag);
}

uint64_t oc_challenge_seed(const oc_challenge *challenge)
{
    return challenge->seed;
}

const char *oc_challenge_nonce(const oc_challenge *challenge)
{
    return attribute(challenge, "nonce");
}

const char *oc_challenge_digest(const oc_challenge *challenge)
{
    return challenge->digest;
}

const oc_plan_lines *oc_challenge_plan(const oc_challenge *challenge)
{
    return &challenge->plan;
}

const char *oc_challenge_ics(const oc_challenge *challenge)
{
    const xmlNode *ics = oc_xml_child(oc_xml_root(challenge->doc), "ics");
    return ics == NULL ? NULL : oc_xml_attr(ics, "sha256");
}

oc_result oc_challenge_describe(const oc_challenge *challenge, oc_buf *out)
{
    const struct {
        const char *name;
        const char *value;
    } attributes[] = {
        {"nonce", oc_challenge_nonce(challenge)},
        {"sha256", challenge->digest},
        {"issued", attribute(challenge, "issued")},
        {"expires", attribute(challenge, "expires")},
        {"examiner", attribute(challenge, "examiner")},
        {"signer", challenge->signers.count == 0 ? "" : challenge->signers.at[0].subject},
        {"trusted", challenge->trusted ? "true" : "false"},
    };
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr writer = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0);
    bool good = writer != NULL && xmlTextWriterStartElement(writer, (const xmlChar *)"challenge") >= 0;
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0] && good; i++) {
        good = xmlTextWriterWriteAttribute(writer, (const xmlChar *)attributes[i].name,
                                           (const xmlChar *)attributes[i].value) >= 0;
    }
    good = good && xmlTextWriterEndElement(writer) >= 0;
    if (writer != NULL) {
        xmlFreeTextWriter(writer);
    }
    oc_result r = good ? oc_buf_append(out, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)))
                       : oc_fail(OC_E_MEMORY);
    if (buffer != NULL) {
        xmlBufferFree(buffer);
    }
    return r;
}

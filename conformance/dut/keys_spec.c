/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/keys_spec.h"

#include <stdbool.h>
#include <string.h>

#include "sim/link/transports.h"

oc_result oc_keys_spec_parse(oc_keys_spec *out, const char *text, oc_diag *diag)
{
    static const struct {
        const char *name; /* ends in ':' when something has to follow */
        enum oc_keys_kind kind;
        bool whole; /* the detail is the whole text */
    } forms[] = {
        {"profile", OC_KEYS_PROFILE, false}, {"none", OC_KEYS_NONE, false},  {"exec:", OC_KEYS_EXEC, false},
        {"pkcs11:", OC_KEYS_PKCS11, true},   {"psam:", OC_KEYS_PSAM, false},
    };
    *out = (oc_keys_spec){.kind = OC_KEYS_PROFILE};
    if (strlen(text) >= sizeof out->text) {
        return oc_diag_fail(diag, OC_E_USAGE, "a key provider of more than %zu bytes", sizeof out->text - 1);
    }
    memcpy(out->text, text, strlen(text) + 1);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t len = strlen(forms[i].name);
        bool detailed = forms[i].name[len - 1] == ':';
        if (detailed ? strncmp(text, forms[i].name, len) != 0 || text[len] == '\0'
                     : strcmp(text, forms[i].name) != 0) {
            continue;
        }
        out->kind = forms[i].kind;
        out->detail = forms[i].whole ? out->text : out->text + len;
        if (out->kind == OC_KEYS_PSAM && strcmp(out->detail, "virtual") == 0) {
            out->kind = OC_KEYS_PSAM_VIRTUAL;
        }
        return oc_ok();
    }
    oc_keys_spec_wipe(out);
    /* What was given may hold a PIN: it is not repeated. */
    return oc_diag_fail(diag, OC_E_USAGE,
                        "no key provider; write profile, none, exec:COMMAND, pkcs11:URI, psam:READER or psam:virtual");
}

oc_result oc_keys_spec_open(oc_key_provider *out, const oc_keys_spec *spec, const oc_keys_parts *parts, oc_diag *diag)
{
    oc_link *link = NULL;
    switch (spec->kind) {
    case OC_KEYS_PROFILE:
        return oc_profile_key_provider(out, parts->profile, parts->crypto);
    case OC_KEYS_NONE:
        *out = oc_key_provider_none();
        return oc_ok();
    case OC_KEYS_EXEC:
        return oc_keys_exec(out, spec->detail, parts, diag);
    case OC_KEYS_PKCS11:
        return oc_keys_pkcs11(out, spec->detail, parts, diag);
    case OC_KEYS_PSAM:
        OC_TRY(oc_link_pcsc(&link, spec->detail, diag));
        return oc_keys_psam(out, link, parts);
    case OC_KEYS_PSAM_VIRTUAL:
        break;
    }
    return oc_fail(OC_E_INTERNAL);
}

void oc_keys_spec_wipe(oc_keys_spec *spec)
{
    oc_wipe(spec, sizeof *spec);
}

void oc_keys_spec_hide_pin(char *text)
{
    static const char name[] = "pin-value=";
    char *at = strstr(text, name);
    while (at != NULL) {
        for (at += sizeof name - 1; *at != '\0' && *at != '&' && *at != ';'; at++) {
            *at = '*';
        }
        at = strstr(at, name);
    }
}

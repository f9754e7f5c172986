/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/keys_spec.h"

#include <stdbool.h>
#include <string.h>

#include "sim/base/bytes.h"

oc_result oc_keys_spec_parse(oc_keys_spec *out, const char *text, oc_diag *diag)
{
    static const struct {
        const char *name; /* ends in ':' when something has to follow */
        enum oc_keys_kind kind;
        bool whole; /* the detail is the whole text */
    } forms[] = {
        {"profile", OC_KEYS_PROFILE, false},
        {"none", OC_KEYS_NONE, false},
        {"exec:", OC_KEYS_EXEC, false},
        {"pkcs11:", OC_KEYS_PKCS11, true},
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
        return oc_ok();
    }
    oc_keys_spec_wipe(out);
    /* What was given may hold a PIN: it is not repeated. */
    return oc_diag_fail(diag, OC_E_USAGE, "no key provider; write profile, none, exec:COMMAND or pkcs11:URI");
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static oc_result parse_port(oc_spec *spec, oc_diag *diag)
{
    char *end = NULL;
    unsigned long port = strtoul(spec->detail, &end, 10);
    if (end == spec->detail || *end != '\0' || port == 0 || port > 65535) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s is no TCP port; write vpcd:PORT with 1 to 65535", spec->detail);
    }
    spec->port = (unsigned)port;
    return oc_ok();
}

oc_result oc_spec_parse(oc_spec *out, const char *text, oc_diag *diag)
{
    static const struct {
        const char *prefix;
        enum oc_spec_kind kind;
    } forms[] = {{"pcsc:", OC_SPEC_PCSC}, {"exec:", OC_SPEC_EXEC}, {"vpcd:", OC_SPEC_VPCD}};
    *out = (oc_spec){.kind = OC_SPEC_VIRTUAL};
    if (strlen(text) >= sizeof out->text) {
        return oc_diag_fail(diag, OC_E_USAGE, "a device specification of more than %zu bytes", sizeof out->text - 1);
    }
    memcpy(out->text, text, strlen(text) + 1);
    out->detail = out->text;
    if (strcmp(text, "virtual") == 0) {
        return oc_ok();
    }
    if (strcmp(text, "none") == 0) {
        out->kind = OC_SPEC_NONE;
        return oc_ok();
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t len = strlen(forms[i].prefix);
        if (strncmp(text, forms[i].prefix, len) == 0 && text[len] != '\0') {
            out->kind = forms[i].kind;
            out->detail = out->text + len;
            return out->kind == OC_SPEC_VPCD ? parse_port(out, diag) : oc_ok();
        }
    }
    return oc_diag_fail(diag, OC_E_USAGE,
                        "%s is no device; write virtual, pcsc:READER, exec:COMMAND, vpcd:PORT or none", text);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/driver_manifest.h"

#include <stdlib.h>

#include "conformance/dut/driver_manifest_internal.h"
#include "sim/base/xml.h"
#include "sim/terminal/functions.h"

/* The schema is part of this library. */
extern const uint8_t oc_driver_manifest_xsd[];
extern const size_t oc_driver_manifest_xsd_size;

struct loader {
    oc_driver_manifest *manifest;
    const oc_xml_doc *doc;
    oc_diag *diag;
};

static oc_driver_parameter standard_parameter(const oc_parameter *parameter)
{
    static const enum oc_driver_parameter_kind kinds[] = {
        [OC_PARAMETER_INT] = OC_DRIVER_INT, [OC_PARAMETER_IN] = OC_DRIVER_IN, [OC_PARAMETER_OUT] = OC_DRIVER_OUT};
    return (oc_driver_parameter){.kind = kinds[parameter->kind],
                                 .from = parameter->kind == OC_PARAMETER_OUT ? NULL : parameter->name};
}

static void take_standard(oc_driver_manifest *manifest)
{
    size_t count;
    const oc_function *functions = oc_functions(&count);
    for (size_t i = 0; i < count && manifest->function_count < OC_DRIVER_FUNCTIONS_MAX; i++) {
        if (!oc_function_is_standard(&functions[i])) {
            continue;
        }
        oc_driver_call *call = &manifest->functions[manifest->function_count++];
        *call = (oc_driver_call){.function = functions[i].name, .symbol = functions[i].name};
        call->buffer = OC_DRIVER_BUFFER;
        for (const oc_parameter *at = functions[i].parameters; at->name != NULL; at++) {
            call->parameters[call->count++] = standard_parameter(at);
        }
    }
    manifest->items = 11;
}

oc_result oc_driver_manifest_default(oc_driver_manifest **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    take_standard(*out);
    return oc_ok();
}

static oc_result keep(struct loader *loader, const char *text, const char **out)
{
    *out = text == NULL ? NULL : oc_arena_text(&loader->manifest->arena, text);
    return text != NULL && *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static unsigned number_of(const xmlNode *node, const char *attribute, unsigned otherwise)
{
    const char *text = oc_xml_attr(node, attribute);
    return text == NULL ? otherwise : (unsigned)strtoul(text, NULL, 10);
}

static oc_result read_parameter(struct loader *loader, const xmlNode *node, oc_driver_parameter *out)
{
    static const char *const words[] = {
        [OC_DRIVER_INT] = "int",   [OC_DRIVER_IN] = "in",     [OC_DRIVER_OUT] = "out",
        [OC_DRIVER_SIZE] = "size", [OC_DRIVER_NULL] = "null", [OC_DRIVER_CALLBACK] = "callback",
        [OC_DRIVER_ROOM] = "room"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        out->kind = oc_xml_is(node, words[i]) ? (enum oc_driver_parameter_kind)i : out->kind;
    }
    OC_TRY(keep(loader, oc_xml_attr(node, "from"), &out->from));
    OC_TRY(keep(loader, oc_xml_attr(node, "value"), &out->value));
    out->size = number_of(node, "size", 0);
    bool is_source = out->kind == OC_DRIVER_INT || out->kind == OC_DRIVER_IN;
    if (is_source && (out->from == NULL) == (out->value == NULL)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s takes either from or value",
                           oc_xml_name(node));
    }
    char *end = NULL;
    if (out->kind == OC_DRIVER_INT && out->value != NULL &&
        (strtol(out->value, &end, 10), end == out->value || *end != '\0')) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s is no whole number", out->value);
    }
    return oc_ok();
}

static oc_result read_parameters(struct loader *loader, const xmlNode *node, oc_driver_call *call)
{
    unsigned outs = 0;
    call->count = 0;
    for (const xmlNode *at = oc_xml_child(node, NULL); at != NULL; at = oc_xml_next(at, NULL)) {
        oc_driver_parameter *parameter = &call->parameters[call->count++];
        *parameter = (oc_driver_parameter){0};
        OC_TRY(read_parameter(loader, at, parameter));
        outs += parameter->kind == OC_DRIVER_OUT;
    }
    return outs > 1 ? oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                                  "a function has one output buffer; further ones are rooms")
                    : oc_ok();
}

static oc_driver_call *find(oc_driver_manifest *manifest, const char *name)
{
    for (size_t i = 0; i < manifest->function_count; i++) {
        if (strcmp(manifest->functions[i].function, name) == 0) {
            return &manifest->functions[i];
        }
    }
    return NULL;
}

static oc_result read_function(struct loader *loader, const xmlNode *node)
{
    const char *name = oc_xml_attr(node, "name");
    const char *symbol = oc_xml_attr(node, "symbol");
    oc_driver_call *call = find(loader->manifest, name);
    if (call == NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s is no function of the standard; a vendor's own belong into init, exit or keypad", name);
    }
    OC_TRY(keep(loader, symbol == NULL ? name : symbol, &call->symbol));
    call->buffer = number_of(node, "buffer", call->buffer);
    /* Without parameters, only the name or the buffer differs: every function has some. */
    return oc_xml_child(node, NULL) == NULL ? oc_ok() : read_parameters(loader, node, call);
}

static oc_result read_absent(struct loader *loader, const xmlNode *node)
{
    oc_driver_manifest *manifest = loader->manifest;
    const char *name = oc_xml_attr(node, "function");
    oc_driver_call *call = find(manifest, name);
    if (call == NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s is no function of the standard, or is called absent twice", name);
    }
    manifest->absent[manifest->absent_count++] = call->function;
    size_t behind = manifest->function_count - (size_t)(call - manifest->functions) - 1;
    memmove(call, call + 1, behind * sizeof *call);
    manifest->function_count--;
    return oc_ok();
}

static oc_result read_calls(struct loader *loader, const xmlNode *node, oc_driver_call *out, size_t *count)
{
    bool is_keypad = oc_xml_is(node, "keypad");
    for (const xmlNode *at = oc_xml_child(node, "call"); at != NULL; at = oc_xml_next(at, "call")) {
        oc_driver_call *call = &out[(*count)++];
        const char *before = oc_xml_attr(at, "before");
        call->buffer = OC_DRIVER_BUFFER;
        OC_TRY(keep(loader, oc_xml_attr(at, "function"), &call->function));
        OC_TRY(keep(loader, before, &call->before));
        call->symbol = call->function;
        if (before != NULL && (!is_keypad || oc_function_named(before) == NULL)) {
            return oc_xml_fail(
                loader->doc, at, loader->diag, OC_E_FORMAT,
                is_keypad ? "%s is no function of the standard" : "before=\"%s\" belongs to keypad only", before);
        }
        OC_TRY(read_parameters(loader, at, call));
    }
    return oc_ok();
}

static oc_result read_code(struct loader *loader, const xmlNode *node)
{
    struct oc_driver_code *code = &loader->manifest->codes[loader->manifest->code_count];
    code->driver = strtoll(oc_xml_attr(node, "driver"), NULL, 10);
    code->standard = strtoll(oc_xml_attr(node, "standard"), NULL, 10);
    for (size_t i = 0; i < loader->manifest->code_count; i++) {
        if (loader->manifest->codes[i].driver == code->driver) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the driver's code %lld stands twice",
                               code->driver);
        }
    }
    loader->manifest->code_count++;
    return oc_ok();
}

/* A driver whose success is another number must say what its 0 means, or every failure of that kind would pass. */
static oc_result check_codes(struct loader *loader)
{
    const oc_driver_manifest *manifest = loader->manifest;
    bool moves_success = false;
    bool names_zero = false;
    for (size_t i = 0; i < manifest->code_count; i++) {
        moves_success = moves_success || (manifest->codes[i].standard == 0 && manifest->codes[i].driver != 0);
        names_zero = names_zero || manifest->codes[i].driver == 0;
    }
    return moves_success && !names_zero
               ? oc_xml_fail(loader->doc, oc_xml_root(loader->doc), loader->diag, OC_E_FORMAT,
                             "another code than 0 is success: a code element must say what the driver's 0 is")
               : oc_ok();
}

static oc_result read_environment(struct loader *loader, const xmlNode *node)
{
    oc_driver_manifest *manifest = loader->manifest;
    const char *text = oc_arena_format(&manifest->arena, "%s=%s", oc_xml_attr(node, "name"),
                                       oc_xml_attr(node, "value"));
    manifest->environment[manifest->environment_count++] = text;
    return text == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result read_abi(struct loader *loader, const xmlNode *node)
{
    const char *convention = oc_xml_attr(node, "convention");
    loader->manifest->long_bits = number_of(node, "long", 0);
    loader->manifest->is_c_convention = convention != NULL && strcmp(convention, "c") == 0;
    return oc_ok();
}

static oc_result read_settings(struct loader *loader, const xmlNode *node)
{
    oc_driver_manifest *manifest = loader->manifest;
    if (oc_xml_is(node, "buffer")) {
        manifest->buffer = number_of(node, "size", OC_DRIVER_BUFFER);
        for (size_t i = 0; i < manifest->function_count; i++) {
            manifest->functions[i].buffer = manifest->buffer;
        }
    } else if (oc_xml_is(node, "basic")) {
        manifest->items = number_of(node, "items", 11);
    } else if (oc_xml_is(node, "process")) {
        manifest->keeps = strcmp(oc_xml_attr(node, "keep"), "yes") == 0;
    }
    return oc_ok();
}

static oc_result read_element(struct loader *loader, const xmlNode *node)
{
    static const struct {
        const char *name;
        oc_result (*read)(struct loader *loader, const xmlNode *node);
    } elements[] = {{"abi", read_abi},           {"environment", read_environment}, {"code", read_code},
                    {"function", read_function}, {"absent", read_absent},           {"buffer", read_settings},
                    {"basic", read_settings},    {"process", read_settings}};
    oc_driver_manifest *manifest = loader->manifest;
    if (oc_xml_is(node, "init")) {
        return read_calls(loader, node, manifest->init, &manifest->init_count);
    }
    if (oc_xml_is(node, "exit")) {
        return read_calls(loader, node, manifest->exit, &manifest->exit_count);
    }
    if (oc_xml_is(node, "keypad")) {
        return read_calls(loader, node, manifest->keypad, &manifest->keypad_count);
    }
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        if (oc_xml_is(node, elements[i].name)) {
            return elements[i].read(loader, node);
        }
    }
    return oc_ok();
}

static oc_result read_all(struct loader *loader)
{
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_xml_schema_parse(&schema, oc_span_of(oc_driver_manifest_xsd, oc_driver_manifest_xsd_size),
                               "driver-manifest.xsd", loader->diag));
    oc_result r = oc_xml_validate(loader->doc, schema, loader->diag);
    oc_xml_schema_free(&schema);
    OC_TRY(r);
    for (const xmlNode *node = oc_xml_child(oc_xml_root(loader->doc), NULL); node != NULL;
         node = oc_xml_next(node, NULL)) {
        OC_TRY(read_element(loader, node));
    }
    return check_codes(loader);
}

static oc_result take_document(oc_driver_manifest **out, oc_xml_doc *doc, oc_diag *diag)
{
    oc_result r = oc_driver_manifest_default(out);
    if (oc_is_ok(r)) {
        r = read_all(&(struct loader){.manifest = *out, .doc = doc, .diag = diag});
    }
    if (!oc_is_ok(r)) {
        oc_driver_manifest_free(out);
    }
    oc_xml_free(&doc);
    return r;
}

oc_result oc_driver_manifest_load(oc_driver_manifest **out, const char *path, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    *out = NULL;
    OC_TRY(oc_xml_load(&doc, path, NULL, diag));
    return take_document(out, doc, diag);
}

oc_result oc_driver_manifest_parse(oc_driver_manifest **out, oc_span text, const char *name, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    *out = NULL;
    OC_TRY(oc_xml_parse(&doc, text, name, NULL, diag));
    return take_document(out, doc, diag);
}

void oc_driver_manifest_free(oc_driver_manifest **manifest)
{
    if (*manifest != NULL) {
        oc_arena_free(&(*manifest)->arena);
        free(*manifest);
        *manifest = NULL;
    }
}

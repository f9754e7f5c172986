/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/keys/token.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <stdlib.h>

#include "sim/base/file.h"

#define SLOTS_MAX 64
#define PIN_MAX 256
#define PREFIX_MAX 64
#define LABEL_MAX (PREFIX_MAX + 40)

struct oc_token {
    P11KitUri *uri;
    CK_FUNCTION_LIST *module;
    bool initialised;
    CK_SLOT_ID slot;
    CK_SESSION_HANDLE session;
    bool has_session;
    CK_MECHANISM_TYPE sm4_ecb;
    bool has_sm4;
    char prefix[PREFIX_MAX];
};

static oc_result parse(oc_token *token, const char *text, oc_diag *diag)
{
    token->uri = p11_kit_uri_new();
    int code = token->uri == NULL ? P11_KIT_URI_UNEXPECTED : p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, token->uri);
    if (code != P11_KIT_URI_OK || p11_kit_uri_any_unrecognized(token->uri) != 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "the key provider is no PKCS#11 URI: %s",
                            code == P11_KIT_URI_OK ? "an attribute before the ? is not known"
                                                   : p11_kit_uri_message(code));
    }
    const CK_ATTRIBUTE *object = p11_kit_uri_get_attribute(token->uri, CKA_LABEL);
    if (object != NULL && object->ulValueLen >= sizeof token->prefix) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            "the object of the PKCS#11 URI, which key labels begin with, is longer "
                            "than %d bytes",
                            PREFIX_MAX - 1);
    }
    if (object != NULL) {
        memcpy(token->prefix, object->pValue, object->ulValueLen);
    }
    const char *sm4 = p11_kit_uri_get_vendor_query(token->uri, "sm4-ecb");
    if (sm4 != NULL) {
        char *end = NULL;
        token->sm4_ecb = strtoul(sm4, &end, 0);
        token->has_sm4 = end != sm4 && *end == '\0';
        if (!token->has_sm4) {
            return oc_diag_fail(diag, OC_E_USAGE, "sm4-ecb of the PKCS#11 URI is the number of a mechanism");
        }
    }
    return oc_ok();
}

static oc_result load_module(oc_token *token, oc_diag *diag)
{
    const char *path = p11_kit_uri_get_module_path(token->uri);
    if (path == NULL || path[0] != '/') {
        return oc_diag_fail(diag, OC_E_USAGE, "the PKCS#11 URI needs module-path=, an absolute path");
    }
    token->module = p11_kit_module_load(path, 0);
    if (token->module == NULL) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the PKCS#11 module cannot be loaded: is module-path right?");
    }
    CK_RV rv = p11_kit_module_initialize(token->module);
    token->initialised = rv == CKR_OK;
    return token->initialised
               ? oc_ok()
               : oc_diag_fail(diag, OC_E_UNAVAILABLE, "the PKCS#11 module does not start: %s", p11_kit_strerror(rv));
}

static oc_result choose_slot(oc_token *token, CK_TOKEN_INFO *chosen, oc_diag *diag)
{
    CK_SLOT_ID slots[SLOTS_MAX];
    CK_ULONG count = SLOTS_MAX;
    CK_RV rv = token->module->C_GetSlotList(CK_TRUE, slots, &count);
    if (rv != CKR_OK) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the PKCS#11 module lists no tokens: %s", p11_kit_strerror(rv));
    }
    unsigned found = 0;
    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info = {0};
        if (token->module->C_GetTokenInfo(slots[i], &info) == CKR_OK && (info.flags & CKF_TOKEN_INITIALIZED) != 0 &&
            p11_kit_uri_match_token_info(token->uri, &info) == 1) {
            found++;
            token->slot = slots[i];
            *chosen = info;
        }
    }
    if (found != 1) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "%s token fits the PKCS#11 URI",
                            found == 0 ? "no" : "more than one");
    }
    return oc_ok();
}

/* "file:/path" or a path; its first line. A program that hands out a PIN, as some have it, is not run. */
static oc_result read_pin(const char *source, char pin[PIN_MAX], oc_diag *diag)
{
    const char *path = strncmp(source, "file:", 5) == 0 ? source + 5 : source;
    path = strncmp(path, "//", 2) == 0 ? path + 2 : path;
    if (path[0] != '/') {
        return oc_diag_fail(diag, OC_E_USAGE, "pin-source of the PKCS#11 URI is file: and an absolute path");
    }
    oc_buf content = {0};
    oc_result r = oc_file_read(&content, path, PIN_MAX - 1, diag);
    for (size_t i = 0; oc_is_ok(r) && i < content.len && content.at[i] != '\n' && content.at[i] != '\r'; i++) {
        pin[i] = (char)content.at[i];
    }
    oc_buf_free(&content);
    return oc_is_ok(r) ? r : oc_fail(OC_E_USAGE);
}

static oc_result log_in(oc_token *token, const CK_TOKEN_INFO *info, oc_diag *diag)
{
    char pin[PIN_MAX] = "";
    const char *value = p11_kit_uri_get_pin_value(token->uri);
    const char *source = p11_kit_uri_get_pin_source(token->uri);
    if (value != NULL && strlen(value) < sizeof pin) {
        memcpy(pin, value, strlen(value) + 1);
    } else if (source != NULL) {
        OC_TRY(read_pin(source, pin, diag));
    }
    if (pin[0] == '\0') {
        return (info->flags & CKF_LOGIN_REQUIRED) == 0
                   ? oc_ok()
                   : oc_diag_fail(diag, OC_E_UNAVAILABLE,
                                  "the token wants a PIN: give pin-source=file:/... or pin-value=");
    }
    if ((info->flags & (CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED)) != 0) {
        oc_wipe(pin, sizeof pin);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the token's PIN is locked or has one try left: it is not tried");
    }
    CK_RV rv = token->module->C_Login(token->session, CKU_USER, (CK_UTF8CHAR *)pin, strlen(pin));
    oc_wipe(pin, sizeof pin);
    if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the token refuses the login: %s", p11_kit_strerror(rv));
    }
    return oc_ok();
}

static oc_result open_session(oc_token *token, oc_diag *diag)
{
    CK_TOKEN_INFO info = {0};
    OC_TRY(choose_slot(token, &info, diag));
    CK_RV rv = token->module->C_OpenSession(token->slot, CKF_SERIAL_SESSION, NULL, NULL, &token->session);
    token->has_session = rv == CKR_OK;
    if (!token->has_session) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the token opens no session: %s", p11_kit_strerror(rv));
    }
    return log_in(token, &info, diag);
}

oc_result oc_token_open(oc_token **out, const char *uri, oc_diag *diag)
{
    *out = NULL;
    oc_token *token = calloc(1, sizeof *token);
    if (token == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = parse(token, uri, diag);
    if (oc_is_ok(r)) {
        r = load_module(token, diag);
    }
    if (oc_is_ok(r)) {
        r = open_session(token, diag);
    }
    if (token->uri != NULL) {
        p11_kit_uri_free(token->uri); /* it holds the PIN */
        token->uri = NULL;
    }
    if (!oc_is_ok(r)) {
        oc_token_free(&token);
    }
    *out = token;
    return r;
}

void oc_token_free(oc_token **token)
{
    oc_token *t = *token;
    if (t == NULL) {
        return;
    }
    if (t->has_session) {
        t->module->C_CloseSession(t->session);
    }
    if (t->initialised) {
        p11_kit_module_finalize(t->module);
    }
    if (t->module != NULL) {
        p11_kit_module_release(t->module);
    }
    free(t);
    *token = NULL;
}

/* What a return value says of the question: the token cannot do it, or is not there any more. */
static oc_result told(CK_RV rv, const char **why)
{
    *why = p11_kit_strerror(rv);
    bool lost = rv == CKR_DEVICE_REMOVED || rv == CKR_DEVICE_ERROR || rv == CKR_TOKEN_NOT_PRESENT ||
                rv == CKR_SESSION_CLOSED || rv == CKR_SESSION_HANDLE_INVALID;
    return oc_fail(lost ? OC_E_GONE : OC_E_UNAVAILABLE);
}

static bool is_of(const oc_token *token, CK_OBJECT_HANDLE object, enum oc_alg alg)
{
    CK_KEY_TYPE type = 0;
    CK_ATTRIBUTE wanted = {CKA_KEY_TYPE, &type, sizeof type};
    if (token->module->C_GetAttributeValue(token->session, object, &wanted, 1) != CKR_OK) {
        return false;
    }
    bool des = type == CKK_DES2 || type == CKK_DES3;
    return alg == OC_ALG_3DES ? des : !des;
}

oc_result oc_token_find(oc_token *token, const char *label, enum oc_alg alg, unsigned long *object, const char **why)
{
    if (alg == OC_ALG_SM4 && !token->has_sm4) {
        *why = "the token's SM4 mechanism is not named (sm4-ecb= in the URI)";
        return oc_fail(OC_E_UNAVAILABLE);
    }
    char text[LABEL_MAX];
    oc_wr wr = oc_wr_of(text, sizeof text);
    oc_wr_bytes(&wr, oc_span_text(token->prefix));
    oc_wr_bytes(&wr, oc_span_text(label));
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &class, sizeof class}, {CKA_LABEL, text, wr.len}};
    CK_OBJECT_HANDLE found[8];
    CK_ULONG count = 0;
    CK_RV rv = token->module->C_FindObjectsInit(token->session, wanted, 2);
    if (rv == CKR_OK) {
        rv = token->module->C_FindObjects(token->session, found, sizeof found / sizeof found[0], &count);
        (void)token->module->C_FindObjectsFinal(token->session);
    }
    if (rv != CKR_OK) {
        return told(rv, why);
    }
    unsigned fitting = 0;
    for (CK_ULONG i = 0; i < count; i++) {
        if (is_of(token, found[i], alg)) {
            *object = found[i];
            fitting++;
        }
    }
    *why = fitting == 0 ? "the token has no such key" : "the token has several keys of that label";
    return oc_fail(fitting == 1 ? OC_E_OK : OC_E_UNAVAILABLE);
}

oc_result oc_token_encipher(oc_token *token, unsigned long object, enum oc_alg alg, oc_span in, uint8_t *out,
                            const char **why)
{
    CK_MECHANISM mechanism = {alg == OC_ALG_SM4 ? token->sm4_ecb : CKM_DES3_ECB, NULL, 0};
    CK_ULONG len = in.len;
    CK_RV rv = token->module->C_EncryptInit(token->session, &mechanism, object);
    if (rv == CKR_OK) {
        rv = token->module->C_Encrypt(token->session, (CK_BYTE *)(uintptr_t)in.at, in.len, out, &len);
    }
    if (rv != CKR_OK) {
        return told(rv, why);
    }
    *why = "the token enciphers to another length";
    return oc_fail(len == in.len ? OC_E_OK : OC_E_GARBAGE);
}

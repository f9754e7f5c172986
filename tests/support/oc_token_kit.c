/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_token_kit.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "tests/support/oc_program.h"

#define TOKEN "onecard test"
#define SO_PIN "31415926"

static CK_FUNCTION_LIST *module;
static CK_SLOT_ID slot;

static void need(bool held, const char *what)
{
    if (!held) {
        fprintf(stderr, "the test token: %s\n", what);
        abort();
    }
}

/* Logged in; it ends with the last session. */
static CK_SESSION_HANDLE open_session(CK_USER_TYPE user, const char *pin)
{
    CK_SESSION_HANDLE session;
    need(module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session) == CKR_OK, "session");
    CK_RV rv = module->C_Login(session, user, (CK_UTF8CHAR *)(uintptr_t)pin, strlen(pin));
    need(rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN, "login");
    return session;
}

/* The first slot has no token yet; SoftHSM gives it another number once it has. */
static void make_token(void)
{
    CK_UTF8CHAR label[32];
    CK_SLOT_ID slots[8];
    CK_ULONG count = 8;
    memset(label, ' ', sizeof label);
    memcpy(label, TOKEN, strlen(TOKEN));
    need(module->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK && count > 0, "no slot");
    need(module->C_InitToken(slots[0], (CK_UTF8CHAR *)(uintptr_t)SO_PIN, strlen(SO_PIN), label) == CKR_OK, "init");
    count = 8;
    need(module->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK, "slots");
    CK_ULONG at = 0;
    CK_TOKEN_INFO info = {0};
    while (at < count &&
           (module->C_GetTokenInfo(slots[at], &info) != CKR_OK || (info.flags & CKF_TOKEN_INITIALIZED) == 0)) {
        at++;
    }
    need(at < count, "it is not there");
    slot = slots[at];
    CK_SESSION_HANDLE session = open_session(CKU_SO, SO_PIN);
    need(module->C_InitPIN(session, (CK_UTF8CHAR *)(uintptr_t)OC_TOKEN_PIN, strlen(OC_TOKEN_PIN)) == CKR_OK, "PIN");
    module->C_CloseSession(session);
}

void oc_token_kit_add(unsigned long type, const char *label, oc_span key)
{
    char name[80];
    snprintf(name, sizeof name, OC_TOKEN_PREFIX "%s", label);
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE key_type = type;
    CK_BBOOL yes = CK_TRUE;
    CK_BBOOL no = CK_FALSE;
    CK_ATTRIBUTE object[] = {{CKA_CLASS, &class, sizeof class}, {CKA_KEY_TYPE, &key_type, sizeof key_type},
                             {CKA_LABEL, name, strlen(name)},   {CKA_TOKEN, &yes, sizeof yes},
                             {CKA_PRIVATE, &yes, sizeof yes},   {CKA_SENSITIVE, &yes, sizeof yes},
                             {CKA_EXTRACTABLE, &no, sizeof no}, {CKA_ENCRYPT, &yes, sizeof yes},
                             {CKA_DECRYPT, &no, sizeof no},     {CKA_VALUE, (void *)(uintptr_t)key.at, key.len}};
    CK_OBJECT_HANDLE made;
    CK_SESSION_HANDLE session = open_session(CKU_USER, OC_TOKEN_PIN);
    need(module->C_CreateObject(session, object, sizeof object / sizeof object[0], &made) == CKR_OK, label);
    module->C_CloseSession(session);
}

static void add_keys(const char *path, const char *but)
{
    oc_xml_doc *doc = NULL;
    oc_diag diag = {0};
    need(oc_is_ok(oc_xml_load(&doc, path, NULL, &diag)), diag.reason);
    for (const xmlNode *n = oc_xml_child(oc_xml_root(doc), "key"); n != NULL; n = oc_xml_next(n, "key")) {
        char label[64];
        oc_buf key = {0};
        const char *value = oc_xml_attr(n, "value");
        snprintf(label, sizeof label, "%s/%s#%s", oc_xml_attr(n, "dir"), oc_xml_attr(n, "name"),
                 oc_xml_attr(n, "version"));
        need(oc_is_ok(oc_hex_decode(&key, value, strlen(value))) && key.len == 16, label);
        bool wanted = but == NULL || strcmp(label, but) != 0;
        if (wanted && strcmp(oc_xml_attr(n, "alg"), "3DES") == 0) {
            oc_token_kit_add(CKK_DES2, label, oc_buf_span(&key));
        }
        oc_buf_free(&key);
    }
    oc_xml_free(&doc);
}

bool oc_token_kit_open(oc_token_kit *kit, const char *keys_path, const char *but)
{
    if (access(OC_SOFTHSM, R_OK) != 0) {
        return false;
    }
    char path[PATH_MAX];
    char text[PATH_MAX + 128];
    oc_temp_make(kit->folder);
    snprintf(text, sizeof text, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n",
             kit->folder);
    oc_temp_write(kit->folder, "softhsm2.conf", text);
    oc_temp_path(path, kit->folder, "softhsm2.conf");
    setenv("SOFTHSM2_CONF", path, 1);
    oc_temp_write(kit->folder, "pin", OC_TOKEN_PIN "\n");
    oc_temp_path(kit->pin_file, kit->folder, "pin");
    module = p11_kit_module_load(OC_SOFTHSM, 0);
    need(module != NULL && p11_kit_module_initialize(module) == CKR_OK, "module");
    make_token();
    add_keys(keys_path, but);
    snprintf(kit->uri, sizeof kit->uri,
             "pkcs11:token=onecard%%20test;object=" OC_TOKEN_PREFIX "?module-path=" OC_SOFTHSM "&pin-source=file:%s",
             kit->pin_file);
    return true;
}

void oc_token_kit_close(oc_token_kit *kit)
{
    p11_kit_module_finalize(module);
    p11_kit_module_release(module);
    oc_temp_remove(kit->folder);
}

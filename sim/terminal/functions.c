/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/functions.h"

#include <string.h>

/* clang-format off */
#define TYPE      {"type", "iType", OC_PARAMETER_INT}
#define AUTH      {"auth", "iAuthType", OC_PARAMETER_INT}
#define CARD_INFO {"card-info", "pCardInfo", OC_PARAMETER_IN}
#define FILE_ADDR {"file-addr", "pFileAddr", OC_PARAMETER_IN}
#define WRITE     {"write-data", "pWriteData", OC_PARAMETER_IN}
#define PAY_INFO  {"pay-info", "pPayInfo", OC_PARAMETER_IN}
#define KEY_DATA  {"key-data", "pKey", OC_PARAMETER_IN}
#define USER_PIN  {"user-pin", "pUserPin", OC_PARAMETER_IN}
#define OUT       {"out", "pOutInfo", OC_PARAMETER_OUT}

/* Names and order of the parameters: ssc-terminal sheet 4.1. Entries on the key pad: no function of the standard takes
 * a PIN; which entry each asks for follows from its purpose (4.7, 4.8). */
static const oc_function functions[] = {
    {"iReadCardBas",     "5", NULL, {TYPE, OUT}, {NULL}},
    {"iReadCard",        "5", NULL, {TYPE, AUTH, CARD_INFO, FILE_ADDR, OUT}, {"pin"}},
    {"iWriteCard",       "5", NULL, {TYPE, CARD_INFO, FILE_ADDR, WRITE, OUT}, {"pin"}},
    {"iVerifyPIN",       "5", NULL, {TYPE, OUT}, {"pin"}},
    {"iChangePIN",       "5", NULL, {TYPE, OUT}, {"old", "new", "again"}},
    {"iReloadPIN",       "5", NULL, {TYPE, CARD_INFO, OUT}, {"new", "again"}},
    {"iUnblockPIN",      "5", NULL, {TYPE, CARD_INFO, OUT}, {NULL}},
    {"iDoDebit",         "5", NULL, {TYPE, CARD_INFO, PAY_INFO, OUT}, {"pin"}},
    {"iReadDebitRecord", "5", NULL, {TYPE, OUT}, {"pin"}},
    {"iReadCardBas_HSM_Step1", "6", NULL, {TYPE, OUT}, {NULL}},
    {"iReadCardBas_HSM_Step2", "6", "iReadCardBas_HSM_Step1", {KEY_DATA, OUT}, {NULL}},
    {"iReadCard_HSM_Step1",    "6", NULL, {TYPE, CARD_INFO, FILE_ADDR, OUT}, {NULL}},
    {"iReadCard_HSM_Step2",    "6", "iReadCard_HSM_Step1", {KEY_DATA, OUT}, {NULL}},
    {"iWriteCard_HSM_Step1",   "6", NULL, {TYPE, CARD_INFO, FILE_ADDR, OUT}, {NULL}},
    {"iWriteCard_HSM_Step2",   "6", "iWriteCard_HSM_Step1", {KEY_DATA, WRITE, OUT}, {NULL}},
    {"iReloadPIN_HSM_Step1",   "6", NULL, {TYPE, CARD_INFO, OUT}, {NULL}},
    {"iReloadPIN_HSM_Step2",   "6", "iReloadPIN_HSM_Step1", {KEY_DATA, OUT}, {"new", "again"}},
    {"iReloadPIN_HSM_Step3",   "6", "iReloadPIN_HSM_Step2", {KEY_DATA, OUT}, {NULL}},
    {"iUnblockPIN_HSM_Step1",  "6", NULL, {TYPE, CARD_INFO, OUT}, {NULL}},
    {"iUnblockPIN_HSM_Step2",  "6", "iUnblockPIN_HSM_Step1", {KEY_DATA, OUT}, {NULL}},
    {"iUnblockPIN_HSM_Step3",  "6", "iUnblockPIN_HSM_Step2", {KEY_DATA, OUT}, {NULL}},
    {"iDoDebit_HSM_Step1",     "6", NULL, {TYPE, CARD_INFO, PAY_INFO, OUT}, {"pin"}},
    {"iDoDebit_HSM_Step2",     "6", "iDoDebit_HSM_Step1", {KEY_DATA, OUT}, {NULL}},
    {"PKI_SignData",     "7", NULL, {USER_PIN, {"in-data", "pInData", OC_PARAMETER_IN}, TYPE, OUT}, {NULL}},
    {"PKI_VerifySign",   "7", NULL,
     {USER_PIN, {"cert", "pCert", OC_PARAMETER_IN}, {"clear-text", "pClearText", OC_PARAMETER_IN},
      {"signature", "pSignature", OC_PARAMETER_IN}, TYPE, OUT}, {NULL}},
    /* the project's own */
    {"iLoad",         NULL, NULL, {{"type", NULL, OC_PARAMETER_INT}, {"amount", NULL, OC_PARAMETER_IN}}, {"pin"}},
    {"iAuthCard",     NULL, NULL, {{"type", NULL, OC_PARAMETER_INT}}, {NULL}},
    {"iAuthTerminal", NULL, NULL, {{"type", NULL, OC_PARAMETER_INT}, {"key", NULL, OC_PARAMETER_IN}}, {NULL}},
};
/* clang-format on */

#define FUNCTIONS (sizeof functions / sizeof functions[0])

const oc_function *oc_functions(size_t *count)
{
    *count = FUNCTIONS;
    return functions;
}

const oc_function *oc_function_named(const char *name)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

bool oc_function_takes(const oc_function *function, const char *argument)
{
    for (const oc_parameter *parameter = function->parameters; parameter->name != NULL; parameter++) {
        if (parameter->kind != OC_PARAMETER_OUT && strcmp(parameter->name, argument) == 0) {
            return true;
        }
    }
    for (const char *const *entry = function->entries; *entry != NULL; entry++) {
        if (strcmp(*entry, argument) == 0) {
            return true;
        }
    }
    return function->entries[0] != NULL && (strcmp(argument, "keypad") == 0 || strcmp(argument, "initial-pin") == 0);
}

bool oc_function_is_followed(const char *name)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if (functions[i].follows != NULL && strcmp(functions[i].follows, name) == 0) {
            return true;
        }
    }
    return false;
}

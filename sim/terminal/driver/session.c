/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/driver/session.h"

#include <pthread.h>
#include <stdio.h>

#include "sim/terminal/driver/driver.h"

/* Longest parameter: a whole file in hex and more. */
#define TEXT_MAX ((size_t)128 * 1024)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static oc_driver *driver;

/* When the library is unloaded or the process ends properly. */
__attribute__((destructor)) static void let_go(void)
{
    oc_driver_free(&driver);
}

static oc_result take(oc_fields *fields, const oc_driver_argument *argument, int *code)
{
    if (argument->is_number) {
        char text[12];
        snprintf(text, sizeof text, "%d", argument->number);
        return oc_fields_set_text(fields, argument->name, text);
    }
    if (argument->text == NULL) {
        *code = OC_CODE_PARAMETER;
        return oc_ok();
    }
    size_t len = strnlen(argument->text, TEXT_MAX + 1);
    if (len > TEXT_MAX) {
        *code = OC_CODE_DATA_LENGTH;
        return oc_ok();
    }
    return oc_fields_set(fields, argument->name, oc_span_of(argument->text, len));
}

static oc_result serve(const char *function, const oc_driver_argument *arguments, size_t count, oc_fields *fields,
                       char *out, int *code)
{
    if (driver == NULL) {
        OC_TRY(oc_driver_new(&driver));
    }
    for (size_t i = 0; i < count && *code == OC_CODE_OK; i++) {
        OC_TRY(take(fields, &arguments[i], code));
    }
    *code = *code == OC_CODE_OK ? oc_driver_call(driver, function, fields, out) : oc_driver_refuse(driver, *code, out);
    return oc_ok();
}

long oc_driver_serve(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    if (out == NULL) {
        return OC_CODE_PARAMETER;
    }
    oc_fields fields = {0};
    int code = OC_CODE_OK;
    out[0] = '\0';
    pthread_mutex_lock(&lock);
    if (!oc_is_ok(serve(function, arguments, count, &fields, out, &code))) {
        code = OC_CODE_LIBRARY;
    }
    pthread_mutex_unlock(&lock);
    oc_fields_free(&fields);
    return code;
}

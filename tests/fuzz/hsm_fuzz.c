/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to the HSM service: the first line of an input is the path, the rest the body. Whatever comes is answered
 * with a status and a JSON object. */
#include "sim/host/host_http.h"
#include "sim/host/json.h"
#include "sim/profile/profile.h"
#include "tests/fuzz/fuzz.h"

static oc_profile *profile;
static oc_crypto *crypto;
static oc_key_provider keys;
static oc_host *host;
static oc_http_route route[OC_HOST_HTTP_ROUTES];

static void end(void)
{
    oc_host_close(&host);
    oc_key_provider_close(&keys);
    oc_crypto_free(&crypto);
    oc_profile_free(&profile);
}

static oc_result open_host(oc_diag *diag)
{
    OC_TRY(oc_profile_load(&profile, "vectors/cards/ssc-3.0.xml", diag));
    OC_TRY(oc_crypto_new(&crypto));
    OC_TRY(oc_profile_key_provider(&keys, profile, crypto));
    return oc_host_open(&host, &(oc_host_parts){.store = ":memory:", .keys = keys}, diag);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    oc_diag diag = {0};
    if (!oc_is_ok(open_host(&diag))) {
        fprintf(stderr, "hsm_fuzz: %s\n", diag.reason);
        return 1;
    }
    oc_host_http_routes(route, host);
    return atexit(end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *feed = size == 0 ? NULL : memchr(data, '\n', size);
    char path[64] = "/hsm/";
    size_t len = feed == NULL ? 0 : (size_t)(feed - data);
    if (feed == NULL || len >= sizeof path - 5) {
        return 0;
    }
    memcpy(path + 5, data, len);
    const oc_http_request request = {.method = "POST",
                                     .path = path,
                                     .media_type = "application/json",
                                     .body = oc_span_of(feed + 1, size - len - 1)};
    oc_http_response response = {.status = 200};
    oc_diag diag = {0};
    json_t *answer = NULL;
    FUZZ_DEMAND(oc_is_ok(route[0].handle(route[0].context, &request, &response, &diag)));
    FUZZ_DEMAND(response.status == 200 || (response.status >= 400 && response.status < 600));
    FUZZ_DEMAND(response.body.len == 0 || oc_is_ok(oc_json_parse(&answer, oc_buf_span(&response.body), NULL)));
    FUZZ_DEMAND(response.status != 200 || json_object_get(answer, "result") != NULL);
    json_decref(answer);
    oc_buf_free(&response.body);
    oc_fields_free(&response.headers);
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/host_service.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "sim/base/clock.h"
#include "sim/host/cross/cross_http.h"
#include "sim/host/ecard/voucher.h"
#include "sim/host/host_http.h"
#include "sim/host/json.h"
#include "sim/host/medical_proof.h"
#include "sim/host/own_http.h"

#define KEYS_TIMEOUT_MS 5000
#define ROUTES (OC_MEDICAL_HTTP_ROUTES + OC_HOST_HTTP_ROUTES + OC_OWN_HTTP_ROUTES + 2)
/* Hospitals keep their connections open. */
#define CONNECTIONS 4096

struct oc_host_service {
    oc_crypto *crypto;
    oc_profile *profile;
    oc_key_provider keys;
    oc_clock clock;
    oc_host *host;
    oc_host_medical *medical;
    oc_ecard *ecard;
    oc_cross_parts cross;
    oc_own_http own;
    oc_http_route routes[ROUTES];
    oc_http_server *server;
};

oc_result oc_host_service_load(oc_host_service **out, const oc_cli *cli, const oc_host_service_order *order,
                               oc_diag *diag)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_cli_load_profile(cli, order->profile, &(*out)->profile, diag);
    r = oc_is_ok(r) ? oc_host_medical_open(&(*out)->medical, cli, &order->medical, (*out)->profile, diag) : r;
    r = oc_is_ok(r) ? oc_crypto_new(&(*out)->crypto) : r;
    if (!oc_is_ok(r)) {
        oc_host_service_stop(out, NULL);
    }
    return r;
}

/* oc_med_read_card: the profile's card is in the component's reader. */
static oc_result read_card(void *context, oc_med_reading *out, oc_diag *diag)
{
    const oc_medical_holder *holder = context;
    (void)diag;
    snprintf(out->cert_no, sizeof out->cert_no, "%s", holder->card_number);
    snprintf(out->card_sn, sizeof out->card_sn, "%s", holder->card_id);
    snprintf(out->cert_type, sizeof out->cert_type, "%s", holder->card_number[0] == '\0' ? "" : "03");
    return oc_ok();
}

/* oc_med_prove_card: a key that nobody has is an answer. */
static oc_result prove_card(void *context, const oc_med_card_proof *proof, enum oc_med_proven *out, oc_diag *diag)
{
    oc_result r = oc_medical_prove_card(context, proof, out, diag);
    *out = r.code == OC_E_UNAVAILABLE ? OC_MED_NO_KEY : *out;
    return r.code == OC_E_UNAVAILABLE ? oc_ok() : r;
}

static oc_result tell(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    const oc_host_service *service = context;
    json_t *paths = json_array();
    (void)request;
    (void)diag;
    oc_result r = oc_host_http_list(paths);
    r = oc_is_ok(r) ? oc_cross_http_list(paths) : r;
    r = oc_is_ok(r) ? oc_medical_http_list(oc_host_medical_http(service->medical), paths) : r;
    r = oc_is_ok(r) ? oc_own_http_list(paths) : r;
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:o}", "service", "onecard host", "version", OC_VERSION, "profile",
                               oc_profile_id(service->profile), "region",
                               oc_region_id(oc_host_medical_region(service->medical)), "post", paths);
    r = oc_is_ok(r) && object == NULL ? oc_fail(OC_E_MEMORY) : r;
    r = oc_is_ok(r) ? oc_json_print(&response->body, object) : r;
    json_decref(object);
    return r;
}

static void set_routes(oc_host_service *service)
{
    oc_http_route *at = service->routes;
    oc_medical *medical = oc_host_medical_back_end(service->medical);
    service->cross = (oc_cross_parts){.host = service->host, .medical = medical};
    service->own = (oc_own_http){.ecard = service->ecard,
                                 .medical = medical,
                                 .region = oc_host_medical_region(service->medical),
                                 .at_hand = oc_host_medical_holder(service->medical)};
    oc_medical_http_routes(at, oc_host_medical_http(service->medical));
    at += OC_MEDICAL_HTTP_ROUTES;
    oc_host_http_routes(at, service->host);
    at += OC_HOST_HTTP_ROUTES;
    oc_own_http_routes(at, &service->own);
    at += OC_OWN_HTTP_ROUTES;
    *at++ = oc_cross_http_route(&service->cross);
    *at = (oc_http_route){"GET", "/", tell, service};
}

static oc_result open_ecard(oc_host_service *service)
{
    oc_medical *medical = oc_host_medical_back_end(service->medical);
    const oc_ecard_parts parts = {.medical = medical};
    OC_TRY(oc_ecard_new(&service->ecard, &parts));
    const oc_med_services services = {.read_card = read_card,
                                      .read_card_context = (void *)(uintptr_t)oc_host_medical_holder(service->medical),
                                      .read_code = oc_voucher_read_code,
                                      .read_code_context = service->ecard,
                                      .prove_card = prove_card,
                                      .prove_card_context = service->host};
    oc_medical_set_services(medical, &services);
    return oc_ok();
}

/* As many files as the connections may need, and some: what a login shell allows is less. */
static void allow_connections(void)
{
    struct rlimit files;
    const rlim_t wanted = CONNECTIONS + 256;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* else fewer are served at once */
    }
}

oc_result oc_host_service_start(oc_host_service *service, const oc_host_service_order *order, oc_diag *diag)
{
    const oc_keys_parts keys = {.profile = service->profile, .crypto = service->crypto, .timeout_ms = KEYS_TIMEOUT_MS};
    OC_TRY(oc_keys_spec_open(&service->keys, &order->keys, &keys, diag));
    service->clock = oc_clock_wall();
    const oc_host_parts parts = {
        .store = order->store,
        .clock = &service->clock,
        .keys = service->keys,
        .mac1_zero = strcmp(oc_profile_setting(service->profile, "purchase-mac1"), "zero") == 0,
    };
    OC_TRY(oc_host_open(&service->host, &parts, diag));
    OC_TRY(open_ecard(service));
    set_routes(service);
    allow_connections();
    oc_http_options options = oc_http_defaults();
    options.listen = order->listen;
    options.routes = service->routes;
    options.route_count = ROUTES;
    options.connections = CONNECTIONS;
    options.tls = order->tls;
    options.batch = oc_host_medical_batch(service->medical);
    options.error = oc_medical_http_error;
    options.error_context = oc_host_medical_http(service->medical);
    return oc_http_server_start(&service->server, &options, diag);
}

const char *oc_host_service_address(const oc_host_service *service)
{
    return oc_http_server_address(service->server);
}

const char *oc_host_service_profile(const oc_host_service *service)
{
    return oc_profile_id(service->profile);
}

const char *oc_host_service_region(const oc_host_service *service)
{
    return oc_region_id(oc_host_medical_region(service->medical));
}

void oc_host_service_stop(oc_host_service **service, int *code)
{
    if (*service != NULL) {
        oc_http_server_stop(&(*service)->server);
        oc_ecard_free(&(*service)->ecard);
        oc_host_medical_close(&(*service)->medical, code);
        oc_host_close(&(*service)->host);
        oc_key_provider_close(&(*service)->keys);
        oc_profile_free(&(*service)->profile);
        oc_crypto_free(&(*service)->crypto);
        free(*service);
        *service = NULL;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and PINs that are loaded. */
#include "tests/mutants/issuer/change.h"

/* The header of a load (sim/base/perso_format.h) */
enum { KIND, ID, VERSION, USAGE, TRIES, ALG, INDEX, OPTIONS };

#define KEY(function)                                                                                                 \
    .issuer = &(const struct issuer_change)                                                                           \
    {                                                                                                                 \
        .key = function                                                                                               \
    }
#define DERIVED(function)                                                                                             \
    .issuer = &(const struct issuer_change)                                                                           \
    {                                                                                                                 \
        .derived = function                                                                                           \
    }
#define FACTORS(function)                                                                                             \
    .issuer = &(const struct issuer_change)                                                                           \
    {                                                                                                                 \
        .factors = function                                                                                           \
    }

static bool is_key(const oc_hsm_load *load, const char *dir, const char *name)
{
    return load->pin.len == 0 && strcmp(load->name.dir, dir) == 0 && strcmp(load->name.name, name) == 0;
}

static bool is_holder_pin(const oc_hsm_load *load)
{
    return load->pin.len > 0 && strcmp(load->dir, "SSSE") == 0;
}

/* Derivation */

static void city_level(oc_hsm_load *load)
{
    load->levels = OC_HSM_CITY;
}

static void root_level(oc_hsm_load *load)
{
    load->levels = is_key(load, "DF04", "DTK") ? OC_HSM_ROOT : load->levels;
}

static void city_first(uint8_t factors[3][8])
{
    uint8_t province[8];
    memcpy(province, factors[0], 8);
    memcpy(factors[0], factors[1], 8);
    memcpy(factors[1], province, 8);
}

static void province_of_other(uint8_t factors[3][8])
{
    factors[0][1] ^= 0x01;
}

static void other_chip(uint8_t factors[3][8])
{
    factors[2][7] ^= 0x55;
}

static void first_version(oc_hsm_load *load)
{
    load->name.version = 1;
}

/* Versions one and two change places where both are there. */
static void versions_swapped(oc_hsm_load *load)
{
    bool has_two = is_key(load, "SSSE", "UK") || is_key(load, "SSSE", "RK") || is_key(load, "SSSE", "IRK");
    if (has_two && load->name.version <= 2) {
        load->name.version = (uint8_t)(3 - load->name.version);
    }
}

static void names_swapped(oc_hsm_load *load)
{
    if (is_key(load, "DF01", "UK1")) {
        memcpy(load->name.name, "UK2", 4);
    } else if (is_key(load, "DF01", "UK2")) {
        memcpy(load->name.name, "UK1", 4);
    }
}

static void purchase_as_load(oc_hsm_load *load)
{
    if (is_key(load, "DF04", "DPK")) {
        memcpy(load->name.name, "DLK", 4);
    }
}

/* What is loaded with the value */

static bool one_try_less(oc_hsm_load *load)
{
    load->header[TRIES] = (uint8_t)(load->header[TRIES] - (load->header[TRIES] > 0x11 ? 0x11 : 0));
    return true;
}

static bool unlimited_keys(oc_hsm_load *load)
{
    load->header[TRIES] = load->pin.len == 0 && load->header[KIND] == OC_KEY_KIND_EXTERNAL ? 0 : load->header[TRIES];
    return true;
}

static bool unlimited_pin(oc_hsm_load *load)
{
    load->header[TRIES] = is_holder_pin(load) ? 0 : load->header[TRIES];
    return true;
}

static bool more_pin_tries(oc_hsm_load *load)
{
    load->header[TRIES] = is_holder_pin(load) ? 0xFF : load->header[TRIES];
    return true;
}

static bool other_pin(oc_hsm_load *load)
{
    static const uint8_t digits[] = {0x11, 0x22, 0x33};
    load->pin = is_holder_pin(load) ? oc_span_of(digits, sizeof digits) : load->pin;
    return true;
}

static bool no_lock_key(oc_hsm_load *load)
{
    load->header[USAGE] = load->header[KIND] == OC_KEY_KIND_EXTERNAL ? 0 : load->header[USAGE];
    return true;
}

static bool no_second_version(oc_hsm_load *load)
{
    return load->pin.len > 0 || load->header[VERSION] < 2;
}

static bool no_puk(oc_hsm_load *load)
{
    return !is_key(load, "SSSE", "PUK");
}

static bool no_maintenance(oc_hsm_load *load)
{
    return load->pin.len > 0 || load->header[KIND] != OC_KEY_KIND_MAINTENANCE;
}

static bool no_tac_key(oc_hsm_load *load)
{
    return load->pin.len > 0 || load->header[KIND] != OC_KEY_KIND_TAC;
}

static bool indexes_swapped(oc_hsm_load *load)
{
    bool purse = load->header[KIND] == OC_KEY_KIND_PURCHASE || load->header[KIND] == OC_KEY_KIND_LOAD;
    if (load->pin.len == 0 && purse && load->header[INDEX] <= 2) {
        load->header[INDEX] = (uint8_t)(3 - load->header[INDEX]);
    }
    return true;
}

static const struct mutant rows[] = {
    {.id = "issuer.derive.not-to-the-card", DERIVED(city_level)},
    {.id = "issuer.derive.tac-key-not-at-all", DERIVED(root_level)},
    {.id = "issuer.derive.city-before-province", FACTORS(city_first)},
    {.id = "issuer.derive.other-province", FACTORS(province_of_other)},
    {.id = "issuer.derive.other-card", FACTORS(other_chip)},
    {.id = "issuer.key.first-version-alone", DERIVED(first_version)},
    {.id = "issuer.key.versions-swapped", DERIVED(versions_swapped)},
    {.id = "issuer.key.names-swapped", DERIVED(names_swapped)},
    {.id = "issuer.key.purchase-as-load", DERIVED(purchase_as_load)},
    {.id = "issuer.key.tries-one-less", KEY(one_try_less)},
    {.id = "issuer.key.unlimited", KEY(unlimited_keys)},
    {.id = "issuer.key.no-lock-key", KEY(no_lock_key)},
    {.id = "issuer.key.no-second-version", KEY(no_second_version)},
    {.id = "issuer.key.no-puk", KEY(no_puk)},
    {.id = "issuer.key.no-maintenance", KEY(no_maintenance)},
    {.id = "issuer.key.no-tac-key", KEY(no_tac_key)},
    {.id = "issuer.key.indexes-swapped", KEY(indexes_swapped)},
    {.id = "issuer.pin.unlimited", KEY(unlimited_pin)},
    {.id = "issuer.pin.fifteen-tries", KEY(more_pin_tries)},
    {.id = "issuer.pin.other", KEY(other_pin)},
};
MUTANT_TABLE(rows);

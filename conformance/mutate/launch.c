/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/mutate/launch.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"

struct making {
    oc_launch *launch;
    const oc_campaign_plan *plan;
    const oc_campaign_group *group;
    const oc_mutant *mutant; /* or NULL */
    const oc_campaign *campaign;
};

static oc_result put(oc_launch *launch, const char *text)
{
    if (text == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (launch->count + 1 >= launch->room) {
        size_t room = launch->room == 0 ? 32 : launch->room * 2;
        const char **grown = realloc(launch->argv, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        launch->argv = grown;
        launch->room = room;
    }
    launch->argv[launch->count++] = text;
    launch->argv[launch->count] = NULL;
    return oc_ok();
}

static const char *word(const struct making *making, const char *name, size_t len)
{
    const char *id = making->mutant == NULL ? "" : making->mutant->id;
    const char *dot = strrchr(id, '.');
    const struct {
        const char *name;
        const char *value;
    } words[] = {{"id", id},
                 {"name", dot == NULL ? "" : dot + 1},
                 {"build", making->plan->build_folder},
                 {"vectors", making->plan->vectors_folder}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i].name) == len && strncmp(words[i].name, name, len) == 0) {
            return words[i].value;
        }
    }
    return NULL;
}

/* The words in braces replaced; braces around anything else stay. NULL when memory is out. */
static const char *expand(const struct making *making, const char *text)
{
    oc_buf out = {0};
    oc_result r = oc_ok();
    while (*text != '\0' && oc_is_ok(r)) {
        size_t plain = strcspn(text, "{");
        size_t len = text[plain] == '{' ? strcspn(text + plain + 1, "{}") : 0;
        bool closed = text[plain] == '{' && text[plain + 1 + len] == '}';
        const char *value = closed ? word(making, text + plain + 1, len) : NULL;
        size_t taken = value != NULL ? plain : text[plain] == '{' ? plain + 1 : plain;
        r = oc_buf_append(&out, oc_span_of(text, taken));
        if (oc_is_ok(r) && value != NULL) {
            r = oc_buf_append(&out, oc_span_text(value));
        }
        text += value != NULL ? plain + len + 2 : taken;
    }
    const char *kept = oc_is_ok(r) ? oc_arena_text_n(&making->launch->arena, (const char *)out.at, out.len) : NULL;
    oc_buf_free(&out);
    return kept;
}

static oc_result put_path(const struct making *making, const char *below, const char *text, const char *end)
{
    const char *name = expand(making, text);
    bool is_path = name != NULL && strchr(name, '/') != NULL;
    if (name == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    const char *path = name[0] == '/' || (below != NULL && is_path)
                           ? name
                           : oc_arena_format(&making->launch->arena, "%s/%s%s%s", making->plan->vectors_folder,
                                             below == NULL ? "" : below, name, end);
    return put(making->launch, path);
}

static oc_result put_profiles(const struct making *making)
{
    for (size_t i = 0; i < making->group->profiles->count; i++) {
        OC_TRY(put(making->launch, "--profile"));
        OC_TRY(put_path(making, "cards/", making->group->profiles->at[i], ".xml"));
    }
    return oc_ok();
}

/* Which case has to be met with --quick: that of the mutant, or of any in the group. */
static bool is_wanted(const struct making *making, const char *id)
{
    if (making->mutant != NULL) {
        return oc_mutant_killer(making->mutant, id);
    }
    for (size_t i = 0; i < making->campaign->count; i++) {
        bool is_in = &making->campaign->groups[making->campaign->group_of[i]] == making->group;
        if (is_in && oc_mutant_killer(making->campaign->mutants[i], id)) {
            return true;
        }
    }
    return false;
}

static bool unit_is_wanted(const struct making *making, const oc_case *unit)
{
    bool wanted = is_wanted(making, unit->id);
    for (size_t i = 0; i < unit->negative_count && !wanted; i++) {
        wanted = is_wanted(making, unit->negatives[i].id);
    }
    return wanted;
}

static oc_result add_escaped(oc_buf *out, const char *id)
{
    for (; *id != '\0'; id++) {
        if (strchr(".[]()*+?{}|^$\\", *id) != NULL) {
            OC_TRY(oc_buf_append(out, oc_span_text("\\")));
        }
        OC_TRY(oc_buf_append(out, oc_span_of(id, 1)));
    }
    return oc_ok();
}

/* -k with the wanted cases, and the files in which they stand. */
static oc_result put_wanted(const struct making *making, oc_buf *regex)
{
    const oc_vectors *vectors = making->plan->vectors;
    const char *file = "";
    size_t place = making->launch->count + 1; /* of the expression */
    OC_TRY(put(making->launch, "-k"));
    OC_TRY(put(making->launch, ""));
    OC_TRY(oc_buf_append(regex, oc_span_text("^(")));
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        const oc_case *unit = oc_vectors_case(vectors, i);
        if (!unit_is_wanted(making, unit)) {
            continue;
        }
        OC_TRY(oc_buf_append(regex, oc_span_text(regex->len > 2 ? "|" : "")));
        OC_TRY(add_escaped(regex, unit->id));
        if (strcmp(file, unit->file) != 0) {
            file = unit->file; /* cases of a file stand together */
            OC_TRY(put(making->launch, oc_arena_text(&making->launch->arena, file)));
        }
    }
    OC_TRY(oc_buf_append(regex, oc_span_text(")$")));
    making->launch->argv[place] = oc_arena_text_n(&making->launch->arena, (const char *)regex->at, regex->len);
    return making->launch->argv[place] == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result put_cases(const struct making *making)
{
    const oc_mutant_run *run = making->group->run;
    if (making->plan->quick) {
        oc_buf regex = {0};
        oc_result r = put_wanted(making, &regex);
        oc_buf_free(&regex);
        return r;
    }
    if (run->tag != NULL) {
        OC_TRY(put(making->launch, "-t"));
        OC_TRY(put(making->launch, run->tag));
    }
    for (size_t i = 0; i < run->cases.count; i++) {
        OC_TRY(put_path(making, NULL, run->cases.at[i], ""));
    }
    return oc_ok();
}

static oc_result put_options(const struct making *making)
{
    const oc_mutant_run *run = making->group->run;
    const oc_mutant_texts *options = making->mutant == NULL && run->right.count > 0 ? &run->right : &run->options;
    for (size_t i = 0; i < options->count; i++) {
        OC_TRY(put(making->launch, expand(making, options->at[i])));
    }
    return oc_ok();
}

static oc_result put_environment(const struct making *making)
{
    static const char *const by_default[] = {"ONECARD_MUTANT", "{id}"};
    const oc_mutant_texts *told = &making->group->run->environment;
    const char *const *at = told->count > 0 ? told->at : by_default;
    size_t count = told->count > 0 ? told->count : 2;
    oc_launch *launch = making->launch;
    launch->environment = oc_arena_alloc(&launch->arena, (count + 1) * sizeof *launch->environment);
    if (launch->environment == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < count && making->mutant != NULL; i++) {
        launch->environment[i] = expand(making, at[i]);
        if (launch->environment[i] == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        launch->environment_count++;
    }
    return oc_ok();
}

static oc_result make(const struct making *making)
{
    static const char *const fixed[] = {"run", "-q", "--strict", "--record-only", "-o"};
    oc_launch *launch = making->launch;
    const oc_mutant_run *run = making->group->run;
    OC_TRY(put(launch, expand(making, run->program == NULL ? "{build}/onecard_mutant" : run->program)));
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        OC_TRY(put(launch, fixed[i]));
    }
    OC_TRY(put(launch, launch->work));
    OC_TRY(put_options(making));
    OC_TRY(put_profiles(making));
    OC_TRY(put_cases(making));
    return put_environment(making);
}

oc_result oc_launch_make(oc_launch *out, const oc_campaign_plan *plan, const oc_campaign_group *group,
                         const oc_mutant *mutant, const oc_campaign *campaign, oc_diag *diag)
{
    const struct making making = {out, plan, group, mutant, campaign};
    char name[128];
    *out = (oc_launch){0};
    snprintf(name, sizeof name, "right-%zu", (size_t)(group - campaign->groups));
    oc_result r = oc_file_join(out->work, sizeof out->work, plan->output, "work");
    if (oc_is_ok(r)) {
        char below[PATH_MAX];
        r = oc_file_join(below, sizeof below, out->work, mutant == NULL ? name : mutant->id);
        snprintf(out->work, sizeof out->work, "%s", below);
    }
    if (oc_is_ok(r)) {
        r = make(&making);
    }
    if (!oc_is_ok(r)) {
        oc_launch_free(out);
        return oc_diag_fail_at(diag, r.code, group->run->file, group->run->line,
                               "run %s cannot be put into an order: %s", group->run->name, oc_code_sentence(r.code));
    }
    return r;
}

void oc_launch_free(oc_launch *launch)
{
    free(launch->argv);
    oc_arena_free(&launch->arena);
    *launch = (oc_launch){0};
}

oc_result oc_digest_texts(char out[OC_MUTANT_KEY_ROOM], const char *const *texts, size_t count)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; ok && i < count; i++) {
        ok = EVP_DigestUpdate(context, texts[i], strlen(texts[i]) + 1) == 1;
    }
    ok = ok && EVP_DigestFinal_ex(context, digest, &len) == 1;
    EVP_MD_CTX_free(context);
    for (unsigned i = 0; ok && i < len && 2 * i + 2 < OC_MUTANT_KEY_ROOM; i++) {
        snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
    }
    return ok ? oc_ok() : oc_fail(OC_E_CRYPTO);
}

oc_result oc_launch_key(const oc_launch *launch, const oc_campaign_group *group, const oc_mutant *mutant,
                        char key[OC_MUTANT_KEY_ROOM])
{
    struct stat program = {0};
    char version[64];
    const char **texts = calloc(launch->count + launch->environment_count + 4, sizeof *texts);
    size_t count = 0;
    if (texts == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    (void)stat(launch->argv[0], &program); /* what is not there fails when it is run */
    snprintf(version, sizeof version, "%lld %lld", (long long)program.st_size, (long long)program.st_mtime);
    texts[count++] = version;
    texts[count++] = group->digest;
    texts[count++] = mutant->violates;
    for (size_t i = 0; i < launch->count; i++) {
        texts[count++] = launch->argv[i];
    }
    for (size_t i = 0; i < launch->environment_count; i++) {
        texts[count++] = launch->environment[i];
    }
    oc_result r = oc_digest_texts(key, texts, count);
    free(texts);
    return r;
}

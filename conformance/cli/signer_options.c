/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/signer_options.h"

#include <stdlib.h>
#include <time.h>

#include "conformance/cli/words.h"

void oc_take_signer(oc_signer_list *list, const char *certificate, const struct argp_state *state)
{
    if (list->count == OC_CMS_SIGNERS_MAX) {
        argp_error(state, _("more than %d signers"), OC_CMS_SIGNERS_MAX);
        return;
    }
    list->at[list->count++] = (oc_signer){.certificate = certificate};
}

void oc_take_signer_key(oc_signer_list *list, const char *key, const char *command, const struct argp_state *state)
{
    oc_signer *last = list->count == 0 ? NULL : &list->at[list->count - 1];
    if (last == NULL || last->key != NULL || last->command != NULL) {
        argp_error(state, _("--sign-key and --sign-cmd belong to the --sign-cert before them"));
        return;
    }
    last->key = key;
    last->command = command;
}

const char *oc_signers_objection(const oc_signer_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->at[i].key == NULL && list->at[i].command == NULL) {
            return _("each --sign-cert needs its --sign-key or --sign-cmd");
        }
    }
    return NULL;
}

int64_t oc_signing_time(void)
{
    const char *told = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long seconds = told == NULL ? 0 : strtoll(told, &end, 10);
    return end != NULL && *end == '\0' && seconds > 0 ? (int64_t)seconds : (int64_t)time(NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/lint_internal.h"

/* What commands and terminal functions leave behind on a card that does what the step expects (vectors/README.md, "A
 * run"). A card nobody may change is offered only the cases that declare no more, so that an undeclared change is
 * found here or on somebody's card. */

enum outcome { SUCCEEDS, REFUSED };

struct effect {
    unsigned needs[2]; /* by outcome; 0 where nothing lasting happens */
    const char *what;
};

#define ANY_CLASS 0xFF /* no class of a command: ISO/IEC 7816-4 5.4.1 */

static const struct command_row {
    uint8_t cla;
    uint8_t ins;
    struct effect effect;
} commands[] = {
    {0x04, 0xDC, {{OC_TOUCH_RECORDS, OC_TOUCH_COUNTERS}, "UPDATE RECORD with MAC"}},
    {0x04, 0xD6, {{OC_TOUCH_RECORDS, OC_TOUCH_COUNTERS}, "UPDATE BINARY with MAC"}},
    {ANY_CLASS, 0xDC, {{OC_TOUCH_RECORDS, 0}, "UPDATE RECORD"}},
    {ANY_CLASS, 0xD6, {{OC_TOUCH_RECORDS, 0}, "UPDATE BINARY"}},
    {ANY_CLASS, 0xE2, {{OC_TOUCH_RECORDS, 0}, "APPEND RECORD"}},
    {0x00, 0x2A, {{0, 0}, "PERFORM SECURITY OPERATION"}},
    {ANY_CLASS, 0x2A, {{OC_TOUCH_PURSE, 0}, "CREDIT FOR LOAD"}},
    {ANY_CLASS, 0x2C, {{OC_TOUCH_PURSE, 0}, "DEBIT FOR PURCHASE"}},
    {0x84, 0xD4, {{OC_TOUCH_KEYS, OC_TOUCH_COUNTERS}, "LOAD KEY"}},
    {0x80, 0xC9, {{OC_TOUCH_KEYS, 0}, "GENERATE KEY PAIR"}},
    {0x80, 0xC2, {{OC_TOUCH_KEYS, 0}, "IMPORT KEY"}},
    {ANY_CLASS, 0x20, {{0, OC_TOUCH_COUNTERS}, "VERIFY"}},
    {ANY_CLASS, 0x82, {{0, OC_TOUCH_COUNTERS}, "EXTERNAL AUTHENTICATE"}},
    {ANY_CLASS, 0x5E, {{OC_TOUCH_KEYS, OC_TOUCH_COUNTERS}, "CHANGE PIN"}},
    {ANY_CLASS, 0x24, {{OC_TOUCH_KEYS, OC_TOUCH_COUNTERS}, "PIN UNBLOCK or RELOAD"}},
    {0x84, 0x1E, {{OC_TOUCH_LIFECYCLE, OC_TOUCH_COUNTERS}, "APPLICATION BLOCK"}},
    {0x84, 0x18, {{OC_TOUCH_LIFECYCLE, OC_TOUCH_COUNTERS}, "APPLICATION UNBLOCK"}},
    {0x84, 0x16, {{OC_TOUCH_LIFECYCLE, OC_TOUCH_COUNTERS}, "CARD BLOCK"}},
    {0x84, 0xFE, {{OC_TOUCH_LIFECYCLE, OC_TOUCH_COUNTERS}, "TERMINATE"}},
};

static const struct call_row {
    const char *function;
    struct effect effect;
} calls[] = {
    {"iDoDebit", {{OC_TOUCH_PURSE, OC_TOUCH_PURSE}, "iDoDebit"}},
    {"iLoad", {{OC_TOUCH_PURSE, OC_TOUCH_PURSE}, "iLoad"}},
    {"iDoDebit_HSM_Step2", {{OC_TOUCH_PURSE, OC_TOUCH_PURSE}, "iDoDebit_HSM_Step2"}},
    {"iChangePIN", {{OC_TOUCH_KEYS, OC_TOUCH_KEYS}, "iChangePIN"}},
    {"iReloadPIN", {{OC_TOUCH_KEYS, OC_TOUCH_KEYS}, "iReloadPIN"}},
    {"iReloadPIN_HSM_Step3", {{OC_TOUCH_KEYS, OC_TOUCH_KEYS}, "iReloadPIN_HSM_Step3"}},
    {"iWriteCard", {{OC_TOUCH_RECORDS, OC_TOUCH_RECORDS}, "iWriteCard"}},
    {"iWriteCard_HSM_Step2", {{OC_TOUCH_RECORDS, OC_TOUCH_RECORDS}, "iWriteCard_HSM_Step2"}},
};

/* 61xx, where it is named, is a success too: of a step without Le. */
static bool admits_success(const char *pattern)
{
    static const char success[] = "9000";
    size_t k = 0;
    while (k < 4 && (pattern[k] == '?' || pattern[k] == success[k])) {
        k++;
    }
    return k == 4 || strncmp(pattern, "61", 2) == 0;
}

static bool may_succeed(const oc_expect *expect)
{
    if (oc_expects_silence(expect)) {
        return true; /* nobody knows how far it came */
    }
    for (size_t i = 0; i < expect->sw_count; i++) {
        if (admits_success(expect->sw[i])) {
            return true;
        }
    }
    return expect->sw_count == 0;
}

/* The value's byte at `at`, where everything up to it stands in the vector itself. */
static bool literal_byte(const oc_value *value, size_t at, uint8_t *out)
{
    for (size_t i = 0; i < value->count && value->tokens[i].kind == OC_TOKEN_BYTES; i++) {
        oc_span bytes = value->tokens[i].bytes;
        if (at < bytes.len) {
            *out = bytes.at[at];
            return true;
        }
        at -= bytes.len;
    }
    return false;
}

static size_t shortest(const oc_value *value)
{
    size_t len = 0;
    for (size_t i = 0; i < value->count; i++) {
        len += value->tokens[i].kind == OC_TOKEN_BYTES ? value->tokens[i].bytes.len : 1;
    }
    return len;
}

/* A presentation without data asks for the tries that are left. */
static bool presents(const oc_step *step)
{
    size_t header = step->kind == OC_STEP_TPDU ? 5 : 0;
    return shortest(&step->data) > header;
}

static const struct effect *effect_of_command(const oc_step *step, uint8_t ins, enum outcome *outcome)
{
    uint8_t cla = ANY_CLASS;
    (void)literal_byte(step->kind == OC_STEP_APDU ? &step->cla : &step->data, 0, &cla);
    *outcome = may_succeed(&step->expect) ? SUCCEEDS : REFUSED;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].ins == ins && (commands[i].cla == ANY_CLASS || commands[i].cla == cla)) {
            return *outcome == REFUSED && !presents(step) ? NULL : &commands[i].effect;
        }
    }
    return NULL;
}

static const struct effect *effect_of_call(const char *function, enum outcome *outcome)
{
    *outcome = SUCCEEDS;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (strcmp(calls[i].function, function) == 0) {
            return &calls[i].effect;
        }
    }
    return NULL;
}

/* Answers what of it the case does not declare. Silent about the bits in `known`. */
static unsigned check_effect(struct oc_lint *lint, const oc_step *step, const struct effect *effect,
                             enum outcome outcome, unsigned known)
{
    const oc_case *subject = lint->subject;
    unsigned needs = effect->needs[outcome];
    if (needs == 0 || (subject->touches & (needs | OC_TOUCH_LIFECYCLE)) != 0) {
        return 0;
    }
    if ((needs & ~known) != 0) {
        oc_lint_finding(lint, step->line, "%s %s, but touches=\"%s\" does not say so", effect->what,
                        outcome == SUCCEEDS ? "succeeds" : "may cost a try", subject->touches_text);
    }
    return needs;
}

#define UNKNOWN_COMMAND 0x8000U /* beside the bits of enum oc_touch */

static unsigned check_command(struct oc_lint *lint, const oc_step *step, unsigned known)
{
    const oc_case *subject = lint->subject;
    bool is_apdu = step->kind == OC_STEP_APDU;
    const oc_value *value = is_apdu ? &step->ins : &step->data;
    uint8_t ins = 0;
    if (literal_byte(value, is_apdu ? 0 : 1, &ins)) {
        enum outcome outcome;
        const struct effect *effect = effect_of_command(step, ins, &outcome);
        return effect == NULL ? 0 : check_effect(lint, step, effect, outcome, known);
    }
    if (!is_apdu || (subject->touches & ~(unsigned)OC_TOUCH_VOLATILE) != 0) {
        return 0;
    }
    if ((known & UNKNOWN_COMMAND) == 0) {
        oc_lint_finding(lint, step->line,
                        "the command is whatever %s gives, but touches=\"%s\" admits nothing lasting", value->source,
                        subject->touches_text);
    }
    return UNKNOWN_COMMAND;
}

static unsigned check_step(struct oc_lint *lint, const oc_step *step, unsigned known)
{
    bool command = step->kind == OC_STEP_APDU || step->kind == OC_STEP_TPDU;
    if (command && strcmp(step->actor, "card") == 0) {
        return check_command(lint, step, known);
    }
    if (step->kind != OC_STEP_CALL) {
        return 0;
    }
    unsigned missing = 0;
    const char *const functions[] = {step->name, step->second};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0] && functions[i] != NULL; i++) {
        enum outcome outcome;
        const struct effect *effect = effect_of_call(functions[i], &outcome);
        missing |= effect == NULL ? 0 : check_effect(lint, step, effect, outcome, known | missing);
    }
    return missing;
}

static unsigned check_all(struct oc_lint *lint, const oc_step *steps, size_t count, unsigned known)
{
    unsigned missing = 0;
    for (size_t i = 0; i < count; i++) {
        lint->file = steps[i].file;
        missing |= check_step(lint, &steps[i], known | missing);
    }
    lint->file = NULL;
    return missing;
}

/* A real card is left as it was, or the case is not for one. */
static void check_restore(struct oc_lint *lint, const oc_case *subject, unsigned missing)
{
    static const char *const not_for_real[] = {"card.virtual", "run.expendable", "link.tear"};
    const unsigned lasting = ~(unsigned)OC_TOUCH_VOLATILE;
    if (subject->restore_count > 0 && (subject->touches & lasting) == 0 && missing == 0) {
        oc_lint_finding(lint, subject->line, "it restores what touches=\"%s\" does not admit to be changed",
                        subject->touches_text);
    }
    bool leaves = (subject->touches & lasting) == OC_TOUCH_RECORDS && subject->restore_count == 0;
    for (size_t i = 0; i < sizeof not_for_real / sizeof not_for_real[0]; i++) {
        leaves = leaves && !oc_lint_asks_for(subject, not_for_real[i]);
    }
    if (leaves) {
        oc_lint_finding(lint, subject->line,
                        "it changes records, and neither restores them nor asks for card.virtual");
    }
}

void oc_lint_touches(struct oc_lint *lint, const oc_case *subject)
{
    /* What a negative shares with its twin is said there. */
    unsigned known = subject->twin == NULL ? 0 : lint->undeclared;
    unsigned missing = check_all(lint, subject->steps, oc_lint_steps_run(subject), known);
    missing |= check_all(lint, subject->restore, subject->restore_count, known | missing);
    if (subject->twin == NULL) {
        lint->undeclared = missing;
        check_restore(lint, subject, missing);
    }
}

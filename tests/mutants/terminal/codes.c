/* SPDX-License-Identifier: Apache-2.0 */
/* Return codes, and the text that explains them. */
#include "tests/mutants/terminal/seam.h"

MUTANT_WRAPS(const char *, oc_terminal_code_text, int code);

const char *__wrap_oc_terminal_code_text(int code)
{
    bool silent = mutant_running() == MUTANT_TERMINAL && mutant_is("terminal.code.no-reason");
    return silent ? "" : __real_oc_terminal_code_text(code);
}

static int positive(const char *function, int code)
{
    (void)function;
    return -code;
}

static int success(const char *function, int code)
{
    (void)function;
    (void)code;
    return 0;
}

static int one_for_all(const char *function, int code)
{
    (void)function;
    return code == 0 ? 0 : -1;
}

static bool is_status_word(int code)
{
    return code < -0x6000;
}

static int status_word_lost(const char *function, int code)
{
    (void)function;
    return is_status_word(code) ? OC_CODE_CHECK : code;
}

static int status_word_cut(const char *function, int code)
{
    (void)function;
    return is_status_word(code) ? -(-code & 0xFF) : code;
}

static int status_word_unsigned(const char *function, int code)
{
    (void)function;
    return is_status_word(code) ? code + 0x10000 : code;
}

#define WRONG_CODE(right, wrong) TERMINAL(.codes = {{right, wrong}})

static const struct mutant rows[] = {
    {.id = "terminal.code.positive", TERMINAL(.code = positive)},
    {.id = "terminal.code.always-success", TERMINAL(.code = success)},
    {.id = "terminal.code.one-for-all", TERMINAL(.code = one_for_all)},
    {.id = "terminal.code.status-word-lost", TERMINAL(.code = status_word_lost)},
    {.id = "terminal.code.status-word-cut", TERMINAL(.code = status_word_cut)},
    {.id = "terminal.code.status-word-unsigned", TERMINAL(.code = status_word_unsigned)},
    {.id = "terminal.code.no-reason"},
    {.id = "terminal.code.wrong-pin-is-type", WRONG_CODE(OC_CODE_PIN_WRONG, OC_CODE_CARD_TYPE)},
    {.id = "terminal.code.cancelled-is-wrong", WRONG_CODE(OC_CODE_PIN_CANCELLED, OC_CODE_PIN_WRONG)},
    {.id = "terminal.code.timeout-is-cancelled", WRONG_CODE(OC_CODE_PIN_TIMED_OUT, OC_CODE_PIN_CANCELLED)},
    {.id = "terminal.code.locked-is-wrong", WRONG_CODE(OC_CODE_PIN_LOCKED, OC_CODE_PIN_WRONG)},
    {.id = "terminal.code.pin-length-is-wrong", WRONG_CODE(OC_CODE_PIN_LENGTH, OC_CODE_PIN_WRONG)},
    {.id = "terminal.code.differs-is-wrong", WRONG_CODE(OC_CODE_PIN_DIFFERS, OC_CODE_PIN_WRONG)},
    {.id = "terminal.code.initial-is-length", WRONG_CODE(OC_CODE_TO_INITIAL_PIN, OC_CODE_PIN_LENGTH)},
    {.id = "terminal.code.parameter-is-type", WRONG_CODE(OC_CODE_PARAMETER, OC_CODE_CARD_TYPE)},
    {.id = "terminal.code.card-id-is-parameter", WRONG_CODE(OC_CODE_CARD_ID_FORMAT, OC_CODE_PARAMETER)},
    {.id = "terminal.code.type-is-parameter", WRONG_CODE(OC_CODE_CARD_TYPE, OC_CODE_PARAMETER)},
    {.id = "terminal.code.character-is-length", WRONG_CODE(OC_CODE_CHARACTER, OC_CODE_DATA_LENGTH)},
    {.id = "terminal.code.length-is-character", WRONG_CODE(OC_CODE_DATA_LENGTH, OC_CODE_CHARACTER)},
    {.id = "terminal.code.no-file-is-no-item", WRONG_CODE(-27266, -27267)},
    {.id = "terminal.code.no-item-is-no-file", WRONG_CODE(-27267, -27266)},
    {.id = "terminal.code.no-right-is-wrong-pin", WRONG_CODE(-27010, OC_CODE_PIN_WRONG)},
    {.id = "terminal.code.other-card-is-type", WRONG_CODE(OC_CODE_OTHER_CARD, OC_CODE_CARD_TYPE)},
    {.id = "terminal.code.not-genuine-is-success", WRONG_CODE(OC_CODE_CARD_NOT_GENUINE, OC_CODE_OK)},
};
MUTANT_TABLE(rows);

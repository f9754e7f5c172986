/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/integration/cli_kit.h"

#include <stdio.h>

const char *oc_kit_onecard(void)
{
    return OC_ONECARD;
}

void oc_kit_open(oc_cli_kit *kit)
{
    oc_temp_make(kit->folder);
    oc_temp_path(kit->out, kit->folder, "out");
}

void oc_kit_close(oc_cli_kit *kit)
{
    oc_temp_remove(kit->folder);
}

void oc_kit_start(oc_program *program, const oc_cli_kit *kit, const char *command, const char *const *arguments)
{
    const char *argv[OC_ARGV_MAX] = {OC_ONECARD, command};
    size_t count = 2;
    if (strcmp(command, "run") == 0) {
        argv[count++] = "-q";
        argv[count++] = "-o";
        argv[count++] = kit->out;
    }
    for (size_t i = 0; arguments[i] != NULL; i++) {
        CU_ASSERT_FATAL(count + 1 < OC_ARGV_MAX);
        argv[count++] = arguments[i];
    }
    oc_program_start(program, argv);
}

void oc_kit_command(oc_program *program, const oc_cli_kit *kit, const char *command, const char *const *arguments)
{
    oc_kit_start(program, kit, command, arguments);
    oc_program_finish(program);
}

int oc_kit_said(const oc_cli_kit *kit, const char *command, const char *const *arguments, const char *part)
{
    oc_program program;
    oc_kit_command(&program, kit, command, arguments);
    const char *err = oc_program_err(&program);
    bool as_wanted = part == NULL ? err[0] == '\0' : oc_program_err_lines(&program) == 1 && strstr(err, part) != NULL;
    if (!as_wanted) {
        printf("\n    exit code %d, standard error, where \"%s\" is expected:\n%s\n", program.code,
               part == NULL ? "nothing" : part, err);
    }
    CU_ASSERT_TRUE(as_wanted);
    int code = program.code;
    oc_program_free(&program);
    return code;
}

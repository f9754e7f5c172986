/* SPDX-License-Identifier: Apache-2.0 */

/* A driver's fault is the driver's: a sanitizer that this program was built with must not turn it into a report and an
 * exit status. Its leaks are its own as well. */

const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0:detect_leaks=0";
}

const char *__tsan_default_options(void)
{
    return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0:report_bugs=0";
}

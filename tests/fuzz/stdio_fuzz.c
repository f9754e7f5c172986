/* SPDX-License-Identifier: Apache-2.0 */
/* The lines that a terminal sends to a card on standard input: each is answered by one line of hex, or the card ends
 * with a reason. */
#include <sys/mman.h>
#include <unistd.h>

#include "sim/link/transports.h"
#include "tests/fuzz/echo_card.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (1 << 20)

static int in = -1;
static int out = -1;

static void end(void)
{
    close(in);
    close(out);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    in = memfd_create("questions", MFD_CLOEXEC);
    out = memfd_create("answers", MFD_CLOEXEC);
    return in < 0 || out < 0 || atexit(end) != 0;
}

static size_t line_feeds(const uint8_t *at, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        FUZZ_DEMAND(at[i] == '\n' || (at[i] >= '0' && at[i] <= '9') || (at[i] >= 'A' && at[i] <= 'F'));
        count += at[i] == '\n';
    }
    FUZZ_DEMAND(len == 0 || at[len - 1] == '\n');
    return count;
}

static void fill(int fd, const uint8_t *data, size_t size)
{
    FUZZ_DEMAND(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
    FUZZ_DEMAND(size == 0 || write(fd, data, size) == (ssize_t)size);
    FUZZ_DEMAND(lseek(fd, 0, SEEK_SET) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const oc_endpoint card = {NULL, echo_reset, echo_exchange};
    oc_diag diag = {0};
    size_t asked = 0;
    if (size > INPUT_MAX) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        asked += data[i] == '\n';
    }
    fill(in, data, size);
    fill(out, NULL, 0);
    oc_result result = oc_serve_stdio(card, in, out, &diag);
    FUZZ_DEMAND(oc_is_ok(result) || diag.reason[0] != '\0');
    off_t len = lseek(out, 0, SEEK_CUR);
    FUZZ_DEMAND(len >= 0);
    if (len > 0) {
        void *answers = mmap(NULL, (size_t)len, PROT_READ, MAP_SHARED, out, 0);
        FUZZ_DEMAND(answers != MAP_FAILED);
        size_t answered = line_feeds(answers, (size_t)len);
        FUZZ_DEMAND(oc_is_ok(result) ? answered == asked : answered <= asked);
        munmap(answers, (size_t)len);
    }
    return 0;
}

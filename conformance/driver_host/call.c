/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/driver_host/call.h"

#if defined __i386__

/* By hand: only so can the stack pointer be looked at before the caller puts it right. */
static intptr_t run(const oc_dh_call *call, long *popped)
{
    intptr_t raw = (intptr_t)call->function;
    const intptr_t *from = call->parameters;
    uintptr_t count = call->count;
    uintptr_t to = count * sizeof(intptr_t);
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "subl %%edi, %%esp\n\t"
                     "andl $-16, %%esp\n\t"
                     "movl %%esp, %%edi\n\t"
                     "cld\n\t"
                     "rep movsl\n\t"
                     "movl %%esp, %%esi\n\t"
                     "call *%%eax\n\t"
                     "movl %%esp, %%edi\n\t"
                     "subl %%esi, %%edi\n\t"
                     "movl %%ebx, %%esp"
                     : "+a"(raw), "+S"(from), "+D"(to), "+c"(count)
                     :
                     : "ebx", "edx", "memory", "cc");
    *popped = (long)to;
    return raw;
}

#else

typedef intptr_t w;

static intptr_t run(const oc_dh_call *call, long *popped)
{
    oc_dh_function *f = call->function;
    const w *p = call->parameters;
    *popped = -1;
    switch (call->count) {
    case 0:
        return ((w(*)(void))f)();
    case 1:
        return ((w(*)(w))f)(p[0]);
    case 2:
        return ((w(*)(w, w))f)(p[0], p[1]);
    case 3:
        return ((w(*)(w, w, w))f)(p[0], p[1], p[2]);
    case 4:
        return ((w(*)(w, w, w, w))f)(p[0], p[1], p[2], p[3]);
    case 5:
        return ((w(*)(w, w, w, w, w))f)(p[0], p[1], p[2], p[3], p[4]);
    case 6:
        return ((w(*)(w, w, w, w, w, w))f)(p[0], p[1], p[2], p[3], p[4], p[5]);
    case 7:
        return ((w(*)(w, w, w, w, w, w, w))f)(p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
    case 8:
        return ((w(*)(w, w, w, w, w, w, w, w))f)(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
    case 9:
        return ((w(*)(w, w, w, w, w, w, w, w, w))f)(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]);
    default:
        return ((w(*)(w, w, w, w, w, w, w, w, w, w))f)(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]);
    }
}

#endif

void oc_dh_call_run(const oc_dh_call *call, oc_dh_outcome *outcome)
{
    uint64_t begin = oc_dh_now_ns();
    outcome->raw = run(call, &outcome->popped);
    outcome->nanoseconds = oc_dh_now_ns() - begin;
}

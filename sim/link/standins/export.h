/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_STANDINS_EXPORT_H
#define OC_LINK_STANDINS_EXPORT_H

#include "sim/link/standins/device.h"

/* How functions leave a library whose prototypes are rows of a table (*_functions.inc):
 *     FUNCTION(result, name, (parameters), behaviour, (arguments))
 * is the exported function `name`, which calls `behaviour`. Another maker's prototypes are another table for the same
 * behaviour. */
#if defined(_WIN32)
#define OC_STANDIN_EXPORT __declspec(dllexport)
#define OC_STANDIN_CALL __stdcall
#else
#define OC_STANDIN_EXPORT __attribute__((visibility("default")))
#define OC_STANDIN_CALL
#endif

#define OC_STANDIN_DECLARE(result, name, parameters, behaviour, arguments)                                            \
    OC_STANDIN_EXPORT result OC_STANDIN_CALL name parameters;
#define OC_STANDIN_DEFINE(result, name, parameters, behaviour, arguments)                                             \
    OC_STANDIN_EXPORT result OC_STANDIN_CALL name parameters                                                          \
    {                                                                                                                 \
        return behaviour arguments;                                                                                   \
    }

#endif

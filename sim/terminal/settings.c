/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/settings.h"

oc_terminal_settings oc_terminal_settings_default(void)
{
    return (oc_terminal_settings){
        .items = 11, .device_number = "ONECARD0000000000000000000000001", .initial_pin = "123456"};
}

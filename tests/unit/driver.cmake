# SPDX-License-Identifier: Apache-2.0
oc_test(driver_settings_test.c LABEL unit USES oc_driver oc_test_program)
oc_test(driver_readers_test.c LABEL unit USES oc_driver)
oc_test(driver_entries_test.c LABEL unit USES oc_driver)

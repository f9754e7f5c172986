# SPDX-License-Identifier: Apache-2.0
if(TARGET oc_reports AND TARGET oc_record)
  foreach(thing refused reader formats junit html html_packs text difference)
    oc_test(reports_${thing}_test.c LABEL unit USES oc_reports oc_record_sample)
  endforeach()
endif()

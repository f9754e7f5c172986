# SPDX-License-Identifier: Apache-2.0
foreach(thing apdu card_server exec pcsc_client stdio t0 vpcd)
  oc_test(link_${thing}_test.c LABEL unit USES oc_link)
endforeach()

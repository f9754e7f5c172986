/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_XML_MEMORY_H
#define OC_BASE_XML_MEMORY_H

#ifdef __cplusplus
extern "C" {
#endif

/* Makes libxml2 wipe what it gives back: profiles hold keys and PINs as text. For main() of a program, in front of
 * every other use of libxml2 (xmlMemSetup); a library leaves this to its program. */
void oc_xml_wipe_freed(void);

#ifdef __cplusplus
}
#endif
#endif

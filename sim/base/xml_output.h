/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_XML_OUTPUT_H
#define OC_BASE_XML_OUTPUT_H

#include <libxml/xmlIO.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where xmlNewTextWriter writes to. An error stays in the stream, which the caller asks: libxml2 would print it to stderr.
 * The stream stays open and belongs to the caller. NULL when memory is out. */
xmlOutputBufferPtr oc_xml_output(FILE *stream);

#ifdef __cplusplus
}
#endif
#endif

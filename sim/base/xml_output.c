/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/xml_output.h"

static int write_stream(void *context, const char *buffer, int len)
{
    (void)fwrite(buffer, 1, (size_t)len, context);
    return len;
}

xmlOutputBufferPtr oc_xml_output(FILE *stream)
{
    return xmlOutputBufferCreateIO(write_stream, NULL, stream, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/lent_link.h"

static oc_result lent_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    oc_link_set_timeout(self, timeout_ms);
    return oc_link_reset(self, kind, atr, diag);
}

static oc_result lent_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    oc_link_set_timeout(self, timeout_ms);
    return oc_link_transmit(self, command, response, diag);
}

static enum oc_protocol lent_protocol(void *self)
{
    return oc_link_protocol(self);
}

static void lent_free(void *self)
{
    (void)self;
}

oc_result oc_lent_link(oc_link **out, oc_link *inner)
{
    static const oc_link_ops ops = {lent_reset, lent_transmit, lent_free, lent_protocol, NULL};
    return oc_link_new(out, &ops, oc_link_traits_of(inner), inner);
}

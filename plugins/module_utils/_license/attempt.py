# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""What one attempt at the vendor was made with, so that its failure can say whose account and which key it was about.

In a fleet of several organizations the vendor's words alone ("invalid login or password") do not. Pure, no I/O.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import NotSent, RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.vendor_texts import quote
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._license.keys import mask_key


class Attempt(t.NamedTuple):
    """An activation or deactivation under way.

    :param organization: as messages name it.
    :param key: the whole key that goes with it, which is shown masked only; None for none.
    """

    action: t.Literal["activate", "deactivate"]
    email: str
    organization: str
    key: str | None = None

    def name_in(self, failure: RasError) -> None:
        """Let the failure of this attempt say what it was made with. One from before it left is about none of that."""
        if isinstance(failure, NotSent):
            return
        shown = mask_key(self.key)
        parts = [f"business account {quote(self.email)}", f"organization {quote(self.organization)}"]
        parts += [f"key {shown}" if shown else "no key"] if self.action == "activate" else []
        failure.message = f"{failure.message} It was sent with: {', '.join(parts)}."
        seen = failure.observed if isinstance(failure.observed, dict) else {}
        failure.observed = {**seen, "account": self.email, "organization": self.organization, "key": shown}

# Copyright (c) 2026, FleetOps contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Which versions of RAS are supported over which back end: the one gate for both. Pure, no I/O.

A version that is not supported in full is never passed over in silence: it is refused, or it is a finding. Neither back
end proves the version of the farm, so nothing but these two follows from it.
"""

from __future__ import annotations

import typing as t

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.finding import Finding
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.versions import parse_version

RULE: t.Final = "version_untried"
# The vendor's documents begin with RAS 15: a lower number counts something else, such as services.
_OLDEST: t.Final = 15
_FULL: t.Final = range(18, 22)
# REST is documented from 17 on (RAS REST API guide v17); RASAdmin came with 18 (history of the vendor's samples).
_DOCUMENTED: t.Final[dict[str, range]] = {"rest": range(17, 18), "winrm": range(0)}
_PREVIEW: t.Final = range(22, 23)
EXPECTED: t.Final = f"RAS {_FULL[0]} to {_FULL[-1]}"
_COMPARE: t.Final = "Compare what is reported with the RAS console before the first change of such a farm."


def judge_version(back_end: str, version: str | None) -> Finding | None:
    """What is to be said of a farm of this version before anything else is done with it.

    :param back_end: ``rest`` or ``winrm``.
    :param version: as the back end reported it; None where it did not.
    :returns: None for a version that is supported in full.
    :raises RasError: ``product_too_old``.
    """
    parsed = parse_version(version)
    if parsed is None or parsed.major < _OLDEST:
        said = "a version that is not known" if parsed is None else f"{parsed}, which is no version of RAS"
        return Finding(RULE, "info", EXPECTED, said, f"Find out which version the farm has. {_COMPARE}")
    if parsed.major in _FULL:
        return None
    shown = f"RAS {parsed}"
    if parsed.major in _DOCUMENTED[back_end]:
        remedy = f"{_COMPARE} Full support begins with RAS {_FULL[0]}."
        return Finding(RULE, "info", EXPECTED, f"{shown}: documented, never tried", remedy)
    if parsed.major < _FULL[0]:
        raise RasError(
            "product_too_old",
            f"The farm is too old: expected {EXPECTED}, observed {shown}.",
            observed={"version": str(parsed)},
        )
    what = "a technical preview" if parsed.major in _PREVIEW else "newer than this collection"
    return Finding(RULE, "info", EXPECTED, f"{shown}: {what}, never tried", _COMPARE)

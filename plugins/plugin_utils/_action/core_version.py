# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Whether this ansible-core may be used: ``requires_ansible`` says which may, and Ansible itself only warns.

Below the least patch level of its minor version, ansible-core loses the marks that keep text from outside from being
evaluated as a template (CVE-2024-11079), so that nothing of ours could keep them.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import yaml
from ansible.release import __version__
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError

try:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version
except ImportError:  # pragma: no cover - ansible-core needs it; where plugins are only imported, it may be missing
    pass

_META: t.Final = pathlib.Path(__file__).parents[3] / "meta" / "runtime.yml"
# No minor version of ansible-core has had half as many patch levels.
_MOST_PATCHES: t.Final = 100


@functools.cache
def supported() -> SpecifierSet:
    """The versions of ansible-core that meta/runtime.yml names."""
    return SpecifierSet(yaml.safe_load(_META.read_text(encoding="utf-8"))["requires_ansible"])


def least_of(minor: str, versions: SpecifierSet) -> str:
    """What is expected where a version of the minor one, such as ``2.17``, is too old."""
    patches = (f"{minor}.{patch}" for patch in range(_MOST_PATCHES))
    least = next((each for each in patches if each in versions), None)
    if least is not None:
        return f"{least} or a newer {minor}"
    return f"{next(each.version for each in versions if each.operator == '>=')} or newer"


def check_core(version: str = __version__) -> None:
    """Refuse an ansible-core that evaluates text from outside. As Ansible does, look at the release it leads to only.

    :raises RasError: ``invalid_option``.
    """
    versions, observed = supported(), Version(version)
    if observed.base_version not in versions:
        expected = least_of(f"{observed.major}.{observed.minor}", versions)
        raise RasError(
            "invalid_option",
            "ansible-core on the controller may evaluate texts of farms and hosts as templates: "
            f"expected {expected}, observed {version}.",
            remedy="Update ansible-core and run again. Nothing was sent.",
            observed={"ansible_core": version},
        )

# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to fleetops.parallels_ras: no stable interface for other collections.
"""Text from outside is data: what actions, filters and the inventory plugin hand to Ansible is never a template.

Before 2.19, ansible-core evaluates every text that comes out of a variable, unless the text is marked, and a text that
is put together out of marked ones is not. So the marks are put on at the border, on the whole of what goes over it, and
not where the text came from. Since 2.19 only text that is marked as trusted is evaluated; plain text is not.
"""

from __future__ import annotations

import functools
import typing as t
from collections import abc

from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import plain_text
from jinja2 import Undefined

try:
    from ansible.utils.unsafe_proxy import wrap_var
except ImportError:  # pragma: no cover - removed where only text marked as trusted is a template

    def wrap_var(value: t.Any) -> t.Any:
        """Nothing to do."""
        return value


try:  # since ansible-core 2.19
    from ansible.template import is_trusted_as_template
except ImportError:
    from ansible.utils.unsafe_proxy import AnsibleUnsafe

    def is_trusted_as_template(value: t.Any) -> bool:
        """Older releases evaluate every text that has no mark."""
        return not isinstance(value, AnsibleUnsafe)


Function = t.Callable[..., t.Any]

# A generator, as Jinja's own filters return it, would be left as it is by wrap_var, and so would a view of keys.
_LISTS: t.Final = (list, tuple, abc.Set, abc.ValuesView, abc.Iterator)


def marked(value: t.Any) -> t.Any:
    """A copy as plain data, every text of it marked, those of keys too.

    What is neither a number nor a container becomes text. Undefined values stay, so that their use is an error, and so
    does ``omit``, which is an object of Ansible's own since 2.19.
    """
    if value is None or isinstance(value, (bool, int, float, Undefined)) or is_omitted(value):
        return value
    if isinstance(value, abc.Mapping):
        return {marked(key): marked(item) for key, item in value.items()}
    if isinstance(value, _LISTS):
        return [marked(item) for item in value]
    return wrap_var(value.decode("utf-8", "replace") if isinstance(value, bytes) else plain_text(value))


def is_omitted(value: t.Any) -> bool:
    """Whether a value is the object that ``omit`` is since ansible-core 2.19."""
    return type(value).__module__.startswith("ansible._internal.") and type(value).__name__ == "_OmitType"


def is_evaluated(text: str) -> bool:
    """Whether Ansible takes a text that a variable holds for a template."""
    return bool(is_trusted_as_template(text))


def marking(function: Function) -> Function:
    """The function with its result marked. What it declares to Jinja, such as that it takes the context, stays."""

    @functools.wraps(function)
    def call(*args: t.Any, **options: t.Any) -> t.Any:
        return marked(function(*args, **options))

    return call


class Filters:
    """The base of every ``FilterModule``: subclasses list their functions, which Ansible gets with marked results."""

    FUNCTIONS: t.ClassVar[dict[str, Function]]

    def filters(self) -> dict[str, Function]:
        """Map names to functions, as Ansible asks for them."""
        return {name: marking(function) for name, function in self.FUNCTIONS.items()}

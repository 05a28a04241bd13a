# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory plugin: see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
name: farms
short_description: RAS hosts of Parallels RAS farms, as the farms themselves report them
version_added: 0.1.0
author: FleetOps contributors (@fleetops)
description:
  - The inventory file lists farms. The plugin reads the sites, brokers and agents of each farm over its REST API, and
    the RAS hosts become hosts of the inventory.
  - It only reads, with five requests per farm (one more for each older name of its brokers that is tried, and one up
    to RAS 19 for the version), a few farms at a time. Brokers that a farm shows under none of these names come from its
    agents, with a warning.
  - The file's name must end in C(ras_farms.yml) or C(ras_farms.yaml).
  - Every farm has its licensing server in the group C(ras_licensing_servers) and its other RAS hosts in C(ras_members),
    so that the playbooks of this collection run on it as they are. Other groups are C(ras_brokers), C(ras_gateways),
    C(ras_rds_hosts), C(ras_enrollment_servers), and C(ras_farm_NAME) for each farm, in which characters that a group
    name cannot contain become C(_).
  - Hosts are servers with an agent of one of these kinds. Guests, providers, VDI and AVD hosts and appliances are left
    out.
  - Hosts have the name that the farm reports, in lower case. Servers of different farms with the same name become
    C(SERVER@FARM), with the name that the farm reports in C(ansible_host).
  - Each host has the variables C(ras_farm), C(ras_site), C(ras_kinds) (a list of V(broker), V(gateway),
    V(enrollment_server), V(rds_host)), C(ras_priority) (of brokers; V(0) is the primary of its site),
    C(ras_agent_version), C(ras_agent_state) (in the vendor's words), C(ras_agent_health) (V(ok), V(busy),
    V(restart_due), V(drained), V(attention) or V(unknown)), C(ras_ip), and C(ras_organization) when the file sets it.
    What the farm does not report is V(null).
  - Licensing servers also have C(ras_api_url) and C(ras_farm_guid), and, when they are set here,
    C(ras_validate_certs), C(ras_ca_path), C(ras_cert_fingerprint) and C(ras_proxy).
  - A farm that cannot be read is a warning. It keeps one host, named after O(farms[].api_url), in
    C(ras_licensing_servers) and C(ras_unread_farms), with the reason in C(ras_inventory_failure), so that a playbook
    fails for it instead of skipping it. See O(strict_farms).
extends_documentation_fragment:
  - constructed
  - inventory_cache
notes:
  - Credentials cannot come from C(group_vars) or C(host_vars), encrypted or not, because Ansible reads those only after
    the inventory is complete. Provide them in the environment, as extra variables, as text that is encrypted inline
    (C(!vault)), or by a lookup.
  - Credentials never become host variables, and they are never in the cache or in a message. Plays need the RAS
    administrator from a source of their own, from C(group_vars) beside the inventory file, from C(vars_files), or as
    extra variables. R(The guide, ansible_collections.fleetops.parallels_ras.docsite.guide_inventory) shows how one
    vault file serves both.
  - O(api_username), O(api_password), O(ca_path), O(cert_fingerprint), O(proxy), and all texts in O(farms) may be
    templates. They see C(inventory_dir) and C(inventory_file), and the extra variables with O(use_extra_vars=true).
  - What a farm reports is never evaluated as a template.
  - A RAS administrator that two farms rejected with the same password is not tried at other farms in the same run of
    Ansible. The first logon of a run is made alone, before all others.
  - The variables that are named here show the farm at the time when the inventory was read, or with O(cache=true) when
    the cache was written. Farms that could not be read are not cached.
  - The farms must be Parallels RAS 18 to 21, or RAS 17 (documented, never tried), with the RAS Web Administration
    Service and its REST API enabled.
options:
  plugin:
    description: Marks the file as one for this plugin.
    type: str
    required: true
    choices: [fleetops.parallels_ras.farms]
  farms:
    description: The farms. Options of a farm override the options of the same name for all farms.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the farm, which becomes C(ras_farm).
        type: str
        required: true
      api_url:
        description:
          - Address of the farm's REST API on its licensing server, such as V(https://cb1.tokyo.example.com:20443).
          - With another server of the farm the inventory is the same, but there is a warning, because the playbooks
            write to the licensing server only.
        type: str
        required: true
      organization:
        description: Which farms share one business account. It becomes C(ras_organization).
        type: str
      api_username:
        description: As O(api_username), for this farm.
        type: str
      api_password:
        description: As O(api_password), for this farm.
        type: str
      validate_certs:
        description: As O(validate_certs), for this farm.
        type: bool
        default: true
      ca_path:
        description: As O(ca_path), for this farm.
        type: path
      cert_fingerprint:
        description: As O(cert_fingerprint), for this farm.
        type: str
      proxy:
        description: As O(proxy), for this farm.
        type: str
      timeout:
        description: As O(timeout), for this farm.
        type: int
        default: 30
  api_username:
    description: Name of the RAS administrator that logs on to the farms, best written as V(user@domain).
    type: str
    env:
      - name: RAS_API_USERNAME
    vars:
      - name: ras_api_username
  api_password:
    description: Password of O(api_username), 8 characters or more.
    type: str
    env:
      - name: RAS_API_PASSWORD
    vars:
      - name: ras_api_password
  validate_certs:
    description:
      - Whether to verify the certificate of a farm's API.
      - V(false) sends the password to whatever server answers. Pin the certificate with O(farms[].cert_fingerprint)
        instead, or give its issuer in O(ca_path).
    type: bool
    default: true
  ca_path:
    description:
      - PEM file, or folder with hashed PEM files, of the authorities that sign the certificates of the farms.
      - A path in the inventory file is relative to that file.
    type: path
    env:
      - name: RAS_CA_PATH
    vars:
      - name: ras_ca_path
  cert_fingerprint:
    description: SHA-256 fingerprint of the one certificate that a farm's API may show. The pin is then the only check.
    type: str
  proxy:
    description: HTTP proxy between the controller and the farms, as V(http://host:port), without user and password.
    type: str
  timeout:
    description:
      - Seconds after which a request to a farm ends, including its retries, from 1 to 3600.
      - It is not passed to the playbooks, which use C(ras_timeout).
    type: int
    default: 30
  workers:
    description: How many farms are read at the same time.
    type: int
    default: 8
  strict_farms:
    description:
      - Whether a farm that cannot be read makes the whole inventory invalid.
      - Ansible then warns, and goes on with the other inventory sources. When there is none, the playbooks of this
        collection fail. C(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true) ends every run at once.
    type: bool
    default: false
requirements:
  - Python 3.10 or newer on the controller
  - urllib3 on the controller (pywinrm and requests bring it)
seealso:
  - module: fleetops.parallels_ras.agents_info
  - module: fleetops.parallels_ras.farm_info
"""

EXAMPLES = r"""
# inventory/ras_farms.yml
# RAS_API_USERNAME and RAS_API_PASSWORD come from the environment.
plugin: fleetops.parallels_ras.farms
farms:
  - name: tokyo
    api_url: https://cb1.tokyo.example.com:20443
  - name: osaka
    api_url: https://cb1.osaka.example.com:20443
    cert_fingerprint: "{{ lookup('ansible.builtin.file', inventory_dir ~ '/osaka.sha256') }}"
# Reach the hosts by the addresses that the farms report, when their names cannot be resolved.
compose:
  ansible_host: ras_ip | default(inventory_hostname, true)
# Groups by state: ras_health_ok, ras_health_attention, and so on.
keyed_groups:
  - key: ras_agent_health
    prefix: ras_health
groups:
  ras_primary_brokers: ras_priority == 0
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ras_farms
cache_timeout: 900
---
# inventory/ras_farms.yml
# The same vault file serves this plugin and, because of its location, the plays.
plugin: fleetops.parallels_ras.farms
api_username: svc-ansible@example.com
api_password: >-
  {{ (lookup('ansible.builtin.unvault', inventory_dir ~ '/group_vars/all/vault.yml') | from_yaml).ras_api_password }}
ca_path: ca.pem
strict_farms: true
farms:
  - name: tokyo
    api_url: https://cb1.tokyo.example.com:20443
---
# inventory/ras_farms.yml
# A service provider whose customers have one RAS administrator each; the passwords are extra variables.
plugin: fleetops.parallels_ras.farms
use_extra_vars: true
farms:
  - name: customer a
    organization: customer_a
    api_url: https://cb1.a.example.com:20443
    api_username: svc-ansible@a.example.com
    api_password: "{{ customer_a_password }}"
  - name: customer b
    organization: customer_b
    api_url: https://cb1.b.example.com:20443
    api_username: svc-ansible@b.example.com
    api_password: "{{ customer_b_password }}"
"""

import os
import time
import typing as t

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._backends.rest import RestBackend
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.errors import RasError
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.log_text import log_line
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.ranges import check_ranges, Range
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._core.scrub import Scrubber
from ansible_collections.fleetops.parallels_ras.plugins.module_utils._inventory import (
    FarmEntry,
    FarmReading,
    Fleet,
    fleet_of,
    GROUPS,
    InventoryHost,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.core_version import check_core
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._action.outside import marked
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._inventory.cache import FarmCache
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._inventory.options import (
    COMMON,
    plain,
    wanted_farms,
)
from ansible_collections.fleetops.parallels_ras.plugins.plugin_utils._inventory.reader import read_farms

_FILE_NAMES: t.Final = ("ras_farms.yml", "ras_farms.yaml")
_Wanted = list[tuple[FarmEntry, RestBackend]]


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]
    """Hosts of farms."""

    NAME = "fleetops.parallels_ras.farms"

    def verify_file(self, path: str) -> bool:
        """Whether the name says that this file is ours."""
        return bool(super().verify_file(path)) and path.endswith(_FILE_NAMES)

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Entry point of Ansible. Whatever goes wrong leaves as one sentence without secrets."""
        super().parse(inventory, loader, path)
        config = self._read_config_data(path)
        scrubber = Scrubber()
        try:
            check_core()
            self._refuse_unknown(config)
            wanted = self._wanted(config, path, scrubber)
            self._fill(self._fleet(wanted, path, cache, scrubber), scrubber)
        except RasError as exc:
            failure = scrubber.text(f"{exc.message} {exc.remedy}")
        except AnsibleError as exc:
            failure = scrubber.text(str(getattr(exc, "message", exc)))
        except Exception as exc:
            failure = scrubber.text(f"Unexpected {type(exc).__name__}: {exc}")
        else:
            return
        # Raised here, outside any except block: Ansible shows chained exceptions, and those are not scrubbed.
        raise AnsibleParserError(log_line(failure))

    # -- options ---------------------------------------------------------------------------------------------------

    def _refuse_unknown(self, config: t.Mapping[str, t.Any]) -> None:
        """Ansible ignores a key that it does not know: a misspelled strict_farms would go unnoticed."""
        unknown = sorted(str(name) for name in set(config) - set(self._options))
        if unknown:
            raise RasError("invalid_option", f"The inventory file has options that do not exist: {', '.join(unknown)}.")

    def _wanted(self, config: t.Mapping[str, t.Any], path: str, scrubber: Scrubber) -> _Wanted:
        path = os.path.abspath(path)
        folder = os.path.dirname(path)
        self._place = {"inventory_dir": folder, "inventory_file": path}
        values = {name: self._value(name, config) for name in COMMON}
        common = {name: value for name, value in values.items() if value is not None or name in config}
        return wanted_farms(self._templated("farms", config["farms"]), common, folder, scrubber)

    def _value(self, name: str, config: t.Mapping[str, t.Any]) -> t.Any:
        """An option: a template is allowed in the file and the extra variables, not elsewhere.

        A password in the environment is used as it is: two braces in it are not a template.
        """
        if name in config:
            return self._templated(name, config[name])
        extra = self._vars or {}
        if f"ras_{name}" in extra and name in ("api_username", "api_password", "ca_path"):
            return self._templated(name, extra[f"ras_{name}"], extra)
        return plain(self.get_option(name))

    def _templated(self, name: str, value: t.Any, extra: t.Mapping[str, t.Any] | None = None) -> t.Any:
        known = extra if extra is not None else (self._vars or {}) if self.get_option("use_extra_vars") else {}
        self.templar.available_variables = {**known, **self._place}
        try:
            return plain(self.templar.template(value))
        except Exception as exc:  # a lookup may raise anything
            reason = getattr(exc, "message", None) or exc
            failure = RasError("invalid_option", f"The template in {name} cannot be evaluated: {reason}.")
        raise failure

    # -- farms -----------------------------------------------------------------------------------------------------

    def _fleet(self, wanted: _Wanted, path: str, cache: bool, scrubber: Scrubber) -> Fleet:
        workers = self.get_option("workers")
        check_ranges({"workers": workers}, {"workers": Range(1, None)})
        caching = self.get_option("cache")
        stored = self._cache.get(self.get_cache_key(path)) if caching and cache else None
        known = FarmCache(stored, self.get_option("cache_timeout"), time.time())
        results: dict[str, FarmReading | RasError] = {}
        for entry, _backend in wanted:
            reading = known.get(entry)
            if reading is not None:
                results[entry.name] = reading
        missing = [each for each in wanted if each[0].name not in results]
        for (entry, _backend), (result, left_open) in zip(missing, read_farms(missing, workers), strict=True):
            if left_open:
                self._warn(f"{entry.name}: the session was left open: {left_open}.", scrubber)
            if isinstance(result, FarmReading):
                # A farm may repeat what it was sent; from here on it cannot.
                known.put(entry, scrubber.data(result.as_dict()))
                result = known.get(entry) or result
            results[entry.name] = result
        entries = [entry for entry, _backend in wanted]
        if caching and any(isinstance(results[entry.name], FarmReading) for entry, _backend in missing):
            self._cache[self.get_cache_key(path)] = known.as_dict(entries)
        return fleet_of([(entry, results[entry.name]) for entry in entries])

    # -- inventory -------------------------------------------------------------------------------------------------

    def _fill(self, fleet: Fleet, scrubber: Scrubber) -> None:
        lines = [f"{entry.name}: {failure.code}: {failure.message}" for entry, failure in fleet.failures]
        if lines and self.get_option("strict_farms"):
            raise RasError(
                fleet.failures[0][1].code,
                f"{len(lines)} of the farms could not be read, and strict_farms is set: {' '.join(lines)}",
            )
        for (_entry, failure), line in zip(fleet.failures, lines, strict=True):
            self._warn(f"{line} {failure.remedy} Playbooks will fail for this farm.", scrubber)
        for line in fleet.warnings:
            self._warn(line, scrubber)
        for group in GROUPS:
            self.inventory.add_group(group)
        for host in fleet.hosts:
            self._add(host, scrubber)

    def _add(self, host: InventoryHost, scrubber: Scrubber) -> None:
        strict = self.get_option("strict")
        self.inventory.add_host(host.name)
        for group in host.groups:
            self.inventory.add_group(group)
            self.inventory.add_child(group, host.name)
        # Farms are not trusted: what they report must never be evaluated.
        variables = marked(scrubber.data(host.variables))
        for name, value in variables.items():
            self.inventory.set_variable(host.name, name, value)
        variables = {**variables, "inventory_hostname": host.name}
        self._set_composite_vars(self.get_option("compose"), variables, host.name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host.name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host.name, strict=strict)

    def _warn(self, text: str, scrubber: Scrubber) -> None:
        # Ansible breaks a long warning anywhere: what would be a command at the start of a line must be none at all.
        self.display.warning(log_line(scrubber.text(text)))

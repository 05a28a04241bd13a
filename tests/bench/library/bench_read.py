# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests of license_info as an ordinary module, which Ansible packs, starts and reads back for each farm.

For the bench only: it is what the collection would be without action plugins.
"""

from __future__ import annotations

import json
import ssl

import urllib3
from ansible.module_utils.basic import AnsibleModule

_HEADERS = {"Content-Type": "application/json; api-version=1.0", "Accept": "application/json"}


def main() -> None:
    """Log on, read the license, log off."""
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "username": {"type": "str", "required": True},
            "password": {"type": "str", "required": True, "no_log": True},
            "ca_path": {"type": "path", "required": True},
        },
        supports_check_mode=True,
    )
    params = module.params
    parsed = urllib3.util.parse_url(params["url"])
    context = ssl.create_default_context(cafile=params["ca_path"])
    pool = urllib3.HTTPSConnectionPool(str(parsed.host), parsed.port, ssl_context=context, maxsize=1, retries=False)
    logon = json.dumps({"username": params["username"], "password": params["password"]}).encode()
    answer = pool.request("POST", "/api/Session/logon", body=logon, headers=_HEADERS)
    if answer.status >= 300:
        module.fail_json(msg=f"The logon was answered with HTTP {answer.status}.")
    headers = {**_HEADERS, "auth_token": answer.json()["authToken"]}
    license_ = pool.request("GET", "/api/License", headers=headers)
    pool.request("POST", "/api/Session/logoff", body=b"", headers=headers)
    if license_.status >= 300:
        module.fail_json(msg=f"The request for the license was answered with HTTP {license_.status}.")
    module.exit_json(changed=False, license=license_.json())


if __name__ == "__main__":
    main()

# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the host_info module; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: Read what is installed on a RAS host
version_added: 0.1.0
author:
  - FleetOps contributors (@fleetops)
description:
  - Reads from a Windows host which RAS product, version and components are installed, the state of their services,
    whether a restart is due, free disk space, and which PowerShell module of RAS is installed.
  - Can also check the signature of a file, and read the last lines of a file, such as the log of an installer.
  - Works on every RAS host, of RAS 15 to 21, and on a host without RAS, for which RV(host.product) is null. It queries
    Windows only, so it needs neither a RAS administrator nor a farm.
  - Changes nothing.
extends_documentation_fragment:
  - fleetops.parallels_ras._attributes
  - fleetops.parallels_ras._attributes.info_module
  - fleetops.parallels_ras._attributes.host_connection
options:
  signature_of:
    description:
      - Path of a file on the host whose Authenticode signature is checked, such as a downloaded installer.
      - RV(signature) is the verdict of Windows. The caller decides whether the signer is the expected one.
      - Also says whether anybody but administrators and SYSTEM may change the file, see RV(signature.is_private).
    type: str
  tail_of:
    description:
      - Path of a text file on the host whose last lines are returned in RV(tail), such as the log of an installer.
      - A file that does not exist is not a failure; see RV(tail.exists).
    type: str
  tail_lines:
    description:
      - How many lines of O(tail_of) to read, from 1 to 1000.
    type: int
    default: 40
requirements:
  - Python 3.10 or newer on the controller
  - what the connection plugin of the host needs on the controller, such as pywinrm or pypsrp
  - a local administrator of the host as the user of the connection
notes:
  - >-
    This collection was never run against the real product. It was tested against a simulation made from the vendor's
    public documents. R(How each product fact is
    known,ansible_collections.fleetops.parallels_ras.docsite.guide_verified) gives the source of each fact.
  - >-
    The vendor documents neither the names of the products in the list of programs nor those of the services. Both are
    found by how their display names begin, and RV(host.components) is derived from the services that are found.
seealso:
  - module: fleetops.parallels_ras.farm_info
  - module: fleetops.parallels_ras.settings_export
  - module: ansible.windows.win_powershell
"""

EXAMPLES = r"""
- name: Read what is installed on the RAS host
  fleetops.parallels_ras.host_info:
  register: ras_host_seen

- name: Show version and components
  ansible.builtin.debug:
    msg: >-
      {{ ras_host_seen.host.name }}: RAS {{ ras_host_seen.host.version | default('not installed', true) }},
      {{ ras_host_seen.host.components | join(', ') }}

- name: Stop where a restart is due or the disk is nearly full
  ansible.builtin.assert:
    that:
      - ras_host_seen.host.reboot_pending is false
      - ras_host_seen.host.disk_free_bytes is not none
      - ras_host_seen.host.disk_free_bytes > 2 * 1024 ** 3

- name: Read the end of an installer's log
  fleetops.parallels_ras.host_info:
    tail_of: C:\ProgramData\FleetOps\parallels_ras\install.log
    tail_lines: 20
  register: ras_log_seen

- name: Show the log when there is one
  ansible.builtin.debug:
    msg: "{{ ras_log_seen.tail.lines if ras_log_seen.tail.exists else 'No log: nothing was installed yet.' }}"
"""

RETURN = r"""
changed:
  description: Always false.
  returned: always
  type: bool
  sample: false
connection:
  description: Over which connection plugin it came, V(winrm), V(psrp) or V(ssh).
  returned: success
  type: str
  sample: psrp
host:
  description:
    - The host. What could not be read is null, and RV(host.unread) says why. One thing that cannot be read hides no
      other.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the computer, of which Windows keeps 15 characters.
      type: str
      returned: always
      sample: CB1
    full_name:
      description: Name of the computer in DNS. Without a domain where it is in none.
      type: str
      returned: always
      sample: cb1.tokyo.example.com
    os:
      description: Name of the Windows edition.
      type: str
      returned: always
      sample: Microsoft Windows Server 2022 Standard
    installed:
      description:
        - Whether RAS is installed. Null where it is not in the list of programs, but something in that list could not
          be read.
      type: bool
      returned: always
      sample: true
    product:
      description: The RAS product with the highest version, one of RV(host.products). Null when there is none.
      type: dict
      returned: always
      contains:
        name:
          description: Name in the list of programs.
          type: str
          returned: always
          sample: Parallels Remote Application Server
        version:
          description: Version in the list of programs.
          type: str
          returned: always
          sample: 20.2.26050
        publisher:
          description: Publisher in the list of programs.
          type: str
          returned: always
          sample: Parallels
        product_code:
          description: Key of the entry in the list of programs, for a product of the Windows Installer its GUID.
          type: str
          returned: always
          sample: "{7A2C1D0E-5B1F-4E58-9C0B-2D1A6F0E3B4C}"
    products:
      description:
        - All products in the list of programs whose names begin like that of RAS. Null where RV(host.installed) is
          null.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name in the list of programs.
          type: str
          returned: always
          sample: Parallels Remote Application Server
        version:
          description: Version in the list of programs.
          type: str
          returned: always
          sample: 20.2.26050
        publisher:
          description: Publisher in the list of programs.
          type: str
          returned: always
          sample: Parallels
        product_code:
          description: Key of the entry in the list of programs, for a product of the Windows Installer its GUID.
          type: str
          returned: always
          sample: "{7A2C1D0E-5B1F-4E58-9C0B-2D1A6F0E3B4C}"
    version:
      description: Version of RV(host.product). Null when there is none, or when it could not be read.
      type: str
      returned: always
      sample: 20.2.26050
    components:
      description:
        - The components that were recognized by their services, of V(connection_broker), V(secure_gateway),
          V(enrollment_server), V(rd_session_host), V(web_administration), V(provider_agent) and V(guest_agent). Null
          where RV(host.services) is null.
      type: list
      elements: str
      returned: always
      sample: [connection_broker, web_administration]
    services:
      description: The services whose display names begin like those of RAS. Null where they could not be listed.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the service.
          type: str
          returned: always
          sample: RAS Connection Broker
        display_name:
          description: Display name of the service.
          type: str
          returned: always
          sample: RAS Connection Broker
        status:
          description: State in the words of Windows, such as V(Running) or V(Stopped). Null where it cannot be queried.
          type: str
          returned: always
          sample: Running
        start_type:
          description: >-
            How it starts, such as V(Automatic), V(Manual) or V(Disabled). Null when Windows does not report it.
          type: str
          returned: always
          sample: Automatic
    folder:
      description: Folder of the product, or the folder where it would be.
      type: str
      returned: always
      sample: C:\Program Files (x86)\Parallels\ApplicationServer
    module:
      description:
        - V(RASAdmin), the PowerShell module of RAS 18 and newer, or V(PSAdmin), that of RAS 15 to 17. Null when neither
          is installed, and where that could not be read.
      type: str
      returned: always
      sample: RASAdmin
    module_version:
      description: Version in the module's manifest.
      type: str
      returned: always
      sample: 20.2.26050
    reboot_pending:
      description: Whether Windows waits for a restart; null where no source says so and one could not be read.
      type: bool
      returned: always
      sample: false
    reboot_sources:
      description:
        - What asks for a restart, of V(component_servicing) and V(windows_update).
      type: list
      elements: str
      returned: always
      sample: [component_servicing]
    file_renames:
      description:
        - Whether files wait to be renamed at the next restart. That alone makes no restart due, because drivers and
          security software have some wait for good.
      type: bool
      returned: always
      sample: false
    installer_running:
      description: Whether the Windows Installer is installing something, for any user.
      type: bool
      returned: always
      sample: false
    disk_free_bytes:
      description: Free bytes on the system's drive, on which Windows Installer keeps what it works with.
      type: int
      returned: always
      sample: 42949672960
    product_disk_free_bytes:
      description: Free bytes on the drive of RV(host.folder).
      type: int
      returned: always
      sample: 42949672960
    uptime_seconds:
      description: Seconds since Windows started.
      type: int
      returned: always
      sample: 259200
    sessions:
      description: >-
        Sessions of users, active or disconnected, at the console or remote, as the session manager counts them.
      type: int
      returned: always
      sample: 0
    unread:
      description: What could not be read, and is therefore null or not complete.
      type: list
      elements: dict
      returned: always
      contains:
        source:
          description:
            - One of V(component_servicing), V(disk), V(file_renames), V(folder), V(full_name), V(installer), V(module),
              V(os), V(product_disk), V(products), V(services), V(sessions), V(uptime) and V(windows_update).
          type: str
          returned: always
          sample: sessions
        why:
          description: What Windows said, in its language; of several errors, the first.
          type: str
          returned: always
          sample: Access is denied
observed_at:
  description:
    - When the controller had read RV(host), in seconds by a clock of its own that nobody sets and has no date. With
      RV(host.uptime_seconds) of two results of one controller it says whether the host was restarted between them.
  returned: success
  type: float
  sample: 86400.25
signature:
  description: The signature of O(signature_of).
  returned: success, when O(signature_of) is set
  type: dict
  contains:
    status:
      description: >-
        Verdict of Windows, such as V(Valid), V(NotSigned), V(HashMismatch) or V(UnknownError). The last one also means
        that the host lacks the root certificate.
      type: str
      returned: always
      sample: Valid
    status_message:
      description: What Windows says about RV(signature.status), in its language. Null when it says nothing.
      type: str
      returned: always
      sample: Signature verified.
    chain:
      description: >-
        Why Windows does not trust the chain of the signer's certificate, such as V(UntrustedRoot) or V(PartialChain),
        in the words of X509ChainStatusFlags. Empty when RV(signature.status=Valid).
      type: list
      elements: str
      returned: always
      sample: []
    publisher:
      description: >-
        The organization (O) in RV(signature.subject). Null when the file is not signed, or when the subject names none
        or more than one, or cannot be read in one way only.
      type: str
      returned: always
      sample: Example Publisher
    is_private:
      description: >-
        Whether only administrators and SYSTEM own and may use the file and its folder, and nobody else can replace
        them.
      type: bool
      returned: always
      sample: true
    not_private:
      description: Why RV(signature.is_private) is false; null when it is true.
      type: str
      returned: always
      sample: C:\install may be used by users (BU)
    subject:
      description: The whole subject of the signer's certificate. Null when the file is not signed.
      type: str
      returned: always
      sample: CN=Example Publisher, O=Example Publisher
    sha256:
      description: SHA-256 of the file, hexadecimal.
      type: str
      returned: always
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
tail:
  description: The end of O(tail_of).
  returned: success, when O(tail_of) is set
  type: dict
  contains:
    exists:
      description: Whether the file exists.
      type: bool
      returned: always
      sample: true
    lines:
      description: >-
        Its last lines, at most O(tail_lines), without control characters and shortened to 4000 characters. What a CI
        system would take for a command has a blank in it.
      type: list
      elements: str
      returned: always
      sample: ["Product: Parallels Remote Application Server -- Installation completed successfully."]
findings:
  description: Always empty. It is returned because every module of the collection returns it.
  returned: unless an option was refused
  type: list
  elements: dict
  sample: []
failure:
  description:
    - Why the task failed, as data. RV(msg) holds its message and its remedy as one text.
  returned: on failure
  type: dict
  contains:
    code:
      description:
        - What failed. The codes are stable; branch on them, not on texts.
        - V(host_unreachable) - Ansible's own connection to the host failed.
        - V(not_tried) - two hosts of this run did not accept the Windows user of the connection; it is not tried here.
        - V(constrained_language) - a policy of Windows lets PowerShell run scripts in part only.
        - V(bad_answer) - the answer of the host is not understood, or Windows refused; its words are quoted.
        - V(invalid_option) - an option is wrong, or the host's connection does not run PowerShell. Nothing was sent.
        - V(internal_error) - a defect of this collection.
      type: str
      returned: always
      sample: host_unreachable
    message:
      description: One or more sentences that say what failed, where, what was expected, and what was observed.
      type: str
      returned: always
      sample: "The connection to cb1.tokyo.example.com failed: connection refused."
    remedy:
      description: What to do next.
      type: str
      returned: always
      sample: >-
        Check Ansible's own connection to the host (ansible -m ansible.windows.win_ping): address, port 5985 or 5986,
        and the Windows user.
    observed:
      description: The data behind the message. Its form depends on RV(failure.code); null when there is none.
      type: raw
      returned: always
msg:
  description: Message and remedy of RV(failure).
  returned: on failure
  type: str
  sample: >-
    The connection to cb1.tokyo.example.com failed: connection refused. Check Ansible's own connection to the host
    (ansible -m ansible.windows.win_ping): address, port 5985 or 5986, and the Windows user.
"""

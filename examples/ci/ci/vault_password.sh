#!/bin/sh
# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Ansible runs this to get the password of the vault. It comes from the secret store of the CI system, by the environment of this one step:
# it is in no command line, in no file and in no log.
printf '%s\n' "${RAS_VAULT_PASSWORD:?is not set: give the step the secret of the CI system}"

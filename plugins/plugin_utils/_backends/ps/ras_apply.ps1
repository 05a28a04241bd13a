# ras-script: ras_apply v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Apply all staged settings, those of other administrators too.
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password
)
# include: common
Invoke-InRasSession -Username $Username -Password $Password -Body {
    Invoke-RASApply
    Write-RasResult -Data @{ ok = $true }
}

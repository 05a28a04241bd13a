# ras-script: ras_apply v2
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
$step['code'] = 'not_sent'
Invoke-InRasSession -Username $Username -Password $Password -Body {
    $step['code'] = 'refused'
    $null = Invoke-RASApply
    Write-RasResult -Data @{ ok = $true }
}

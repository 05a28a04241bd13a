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
$ErrorActionPreference = 'Stop'
# include: common
$code = 'refused'
try {
    Import-RasModule
    $code = 'logon_failed'
    New-RASSession -Username $Username -Password $Password -Server 'localhost' -Force
    try {
        $code = 'refused'
        Invoke-RASApply
        Write-RasResult -Data @{ ok = $true }
    }
    finally {
        Close-RasSession
    }
}
catch {
    Write-RasFailure -ErrorRecord $_ -Code $code
}

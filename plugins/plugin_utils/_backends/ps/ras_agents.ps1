# ras-script: ras_agents v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# All agents of all sites, logical rows too: the controller sorts them.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password
)
$ErrorActionPreference = 'Stop'
# It only reads: check mode must not keep a cmdlet from opening its session.
$WhatIfPreference = $false
# include: common
$code = 'refused'
try {
    Import-RasModule
    $code = 'logon_failed'
    New-RASSession -Username $Username -Password $Password -Server 'localhost' -Force
    try {
        $code = 'refused'
        $agents = @()
        foreach ($site in @(Get-RASSite)) {
            foreach ($agent in @(Get-RASAgent -SiteId $site.Id)) {
                $agents += ConvertTo-RasRow -InputObject $agent
            }
        }
        Write-RasResult -Data @{ ok = $true; version = [string](Get-RASVersion); agents = $agents }
    }
    finally {
        Close-RasSession
    }
}
catch {
    Write-RasFailure -ErrorRecord $_ -Code $code
}
$Ansible.Changed = $false

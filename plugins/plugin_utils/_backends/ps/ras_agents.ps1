# ras-script: ras_agents v2
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# All agents of all sites, logical rows too: the controller sorts them.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password
)
# include: common
Invoke-InRasSession -Username $Username -Password $Password -Body {
    $agents = @()
    foreach ($site in @(Get-RASSite)) {
        if ($null -ne $site) {
            foreach ($agent in @(Get-RASAgent -SiteId $site.Id)) {
                if ($null -ne $agent) {
                    $agents += ConvertTo-RasRow -InputObject $agent
                }
            }
        }
    }
    Write-RasResult -Data @{ ok = $true; agents = $agents }
}
$Ansible.Changed = $false

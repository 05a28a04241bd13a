# ras-script: ras_observe v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that a plan needs of a farm, in one session: version, license, sites and brokers of every site.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password
)
# include: common
Invoke-InRasSession -Username $Username -Password $Password -Body {
    $brokerName = Get-RasName -Names 'Get-RASBroker', 'Get-RASPA'
    $license = Get-RASLicenseDetails
    $sites = @()
    $brokers = @()
    foreach ($site in @(Get-RASSite)) {
        $sites += ConvertTo-RasRow -InputObject $site
        foreach ($broker in @(& $brokerName -SiteId $site.Id)) {
            $brokers += ConvertTo-RasRow -InputObject $broker
        }
    }
    $licenseRow = $null
    if ($null -ne $license) {
        $licenseRow = ConvertTo-RasRow -InputObject $license
    }
    Write-RasResult -Data @{
        ok = $true
        computer = [string]$env:COMPUTERNAME
        version = [string](Get-RASVersion)
        license = $licenseRow
        sites = $sites
        brokers = $brokers
    }
}
$Ansible.Changed = $false

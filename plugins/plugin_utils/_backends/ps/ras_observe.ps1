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
$ErrorActionPreference = 'Stop'
# It only reads: check mode must not keep a cmdlet from opening its session.
$WhatIfPreference = $false
# include: common
$code = 'refused'
try {
    Import-RasModule
    $brokerName = Get-RasName -Names 'Get-RASBroker', 'Get-RASPA'
    $code = 'logon_failed'
    New-RASSession -Username $Username -Password $Password -Server 'localhost' -Force
    try {
        $code = 'refused'
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
    finally {
        Close-RasSession
    }
}
catch {
    Write-RasFailure -ErrorRecord $_ -Code $code
}
$Ansible.Changed = $false

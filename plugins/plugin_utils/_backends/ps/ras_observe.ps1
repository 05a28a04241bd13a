# ras-script: ras_observe v2
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that a plan needs of a farm, in one session: version, license, sites and brokers of every site. Each is read apart from the
# others. What could not be read is null and has an entry in "unread": the controller takes it for unknown, and for nothing else.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password
)
# include: common
function Read-Source {
    # What this block returns, without the rows that are none; null, and why, where it ends with an error.
    param ([string] $Source, [scriptblock] $Body)
    try {
        return , @(& $Body | Where-Object -FilterScript { $null -ne $_ })
    }
    catch {
        $failure = Read-RasFailure -ErrorRecord $_
        $seen['unread'] += @{ source = $Source; why = $failure['message'] }
        return $null
    }
}

function Read-OneOf {
    # The one object of a source that has one or none. Of several, nobody knows which one counts.
    param ([string] $Source, $Found)
    if ($null -ne $Found -and $Found.Count -gt 1) {
        $seen['unread'] += @{ source = $Source; why = [string]$Found.Count + ' objects came back where one was expected.' }
    }
    elseif ($null -ne $Found -and $Found.Count -eq 1) {
        return $Found[0]
    }
    return $null
}

$seen = @{
    ok = $true
    computer = Get-ComputerName
    version = $null
    license = $null
    sites = $null
    brokers = $null
    unread = @()
}
Invoke-InRasSession -Username $Username -Password $Password -Body {
    $version = Read-OneOf -Source 'version' -Found (Read-Source -Source 'version' -Body { Get-RASVersion })
    if ($version) {
        $seen['version'] = [string]$version
    }
    $license = Read-OneOf -Source 'license' -Found (Read-Source -Source 'license' -Body { Get-RASLicenseDetails })
    if ($null -ne $license) {
        $seen['license'] = ConvertTo-RasRow -InputObject $license
    }
    $sites = Read-Source -Source 'sites' -Body { Get-RASSite }
    if ($null -ne $sites) {
        $seen['sites'] = @($sites | ForEach-Object -Process { ConvertTo-RasRow -InputObject $_ })
    }
    $seen['brokers'] = Read-Source -Source 'brokers' -Body {
        if ($null -eq $sites) {
            Stop-WithCode -Code 'refused' -Message 'Brokers are listed by site, and the sites could not be read.'
        }
        $name = Get-RasName -Names 'Get-RASBroker', 'Get-RASPA'
        foreach ($site in $sites) {
            foreach ($broker in @(& $name -SiteId $site.Id)) {
                if ($null -ne $broker) {
                    ConvertTo-RasRow -InputObject $broker
                }
            }
        }
    }
    Write-RasResult -Data $seen
}
$Ansible.Changed = $false

# ras-script: ras_license_write v2
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# One activation or deactivation. All that a cmdlet could prompt for is given: win_powershell turns a prompt into an error.
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password,
    [Parameter(Mandatory)] [ValidateSet('activate', 'deactivate')] [string] $Action,
    [Parameter(Mandatory)] [string] $Email,
    [Parameter(Mandatory)] [securestring] $AccountPassword,
    [securestring] $Key
)
# include: common
$step['code'] = 'not_sent'
Invoke-InRasSession -Username $Username -Password $Password -Body {
    if ($Action -eq 'activate') {
        $arguments = @{ Email = $Email; Password = $AccountPassword }
        if ($Key) {
            $arguments['Key'] = (New-Object -TypeName System.Net.NetworkCredential -ArgumentList '', $Key).Password
        }
        $step['code'] = 'refused'
        $null = Invoke-RASLicenseActivate @arguments
    }
    else {
        # No vendor sample shows this name: it follows from its twin, so it is looked up first.
        $name = Get-RasName -Names 'Invoke-RASLicenseDeactivate'
        $step['code'] = 'refused'
        $null = & $name -Email $Email -Password $AccountPassword
    }
    Write-RasResult -Data @{ ok = $true }
}

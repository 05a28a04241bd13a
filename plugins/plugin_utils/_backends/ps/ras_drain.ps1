# ras-script: ras_drain v2
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Take one server out of the farm's rotation, or put it back, by the cmdlet that this version has for its kind.
# The change is applied at once, and with it whatever others have staged: the controller checks for that first.
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password,
    [Parameter(Mandatory)] [string] $Server,
    [Parameter(Mandatory)] [string] $Kind,
    [Parameter(Mandatory)] [bool] $Enabled,
    [int] $SiteId
)
# include: common
$step['code'] = 'not_sent'
Invoke-InRasSession -Username $Username -Password $Password -Body {
    $name = $null
    switch ($Kind) {
        'rds' { $name = Get-RasName -Names 'Set-RASRDSHost', 'Set-RASRDS' -Code 'drain_unsupported' }
        'gateway' { $name = Get-RasName -Names 'Set-RASGateway', 'Set-RASGW' -Code 'drain_unsupported' }
        'broker' { $name = Get-RasName -Names 'Set-RASBroker', 'Set-RASPA' -Code 'drain_unsupported' }
        default { Stop-WithCode -Code 'drain_unsupported' -Message "No cmdlet disables servers of the kind '$Kind'." }
    }
    if (-not (Test-RasParameter -Name $name -Parameter 'Enabled')) {
        Stop-WithCode -Code 'drain_unsupported' -Message "$name has no parameter 'Enabled' in this version."
    }
    $arguments = @{ Server = $Server; Enabled = $Enabled }
    if ($SiteId -gt 0) {
        $arguments['SiteId'] = $SiteId
    }
    $step['code'] = 'refused'
    $null = & $name @arguments
    $null = Invoke-RASApply
    Write-RasResult -Data @{ ok = $true; cmdlet = $name }
}

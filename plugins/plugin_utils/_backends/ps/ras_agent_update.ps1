# ras-script: ras_agent_update v2
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Let the farm update the agent of one server by its remote push. Whether that has ended when the cmdlet returns is not
# documented: the controller asks for the agent's version and state afterwards.
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password,
    [Parameter(Mandatory)] [string] $Server,
    [int] $SiteId,
    [bool] $Force
)
# include: common
$step['code'] = 'not_sent'
Invoke-InRasSession -Username $Username -Password $Password -Body {
    $arguments = @{ Server = $Server }
    if ($SiteId -gt 0) {
        $arguments['SiteId'] = $SiteId
    }
    # For an agent that refuses the normal update only.
    if ($Force) {
        $arguments['Force'] = $true
    }
    $step['code'] = 'refused'
    $null = Update-RASAgent @arguments
    Write-RasResult -Data @{ ok = $true }
}

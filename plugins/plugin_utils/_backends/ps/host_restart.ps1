# ras-script: host_restart v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Order a restart of the host, and return before it begins.
[CmdletBinding()]
param (
    [int] $Delay = 2,
    [Parameter(Mandatory)] [string] $Message
)
# include: common
function Invoke-Shutdown {
    # The exit code of shutdown.exe, null for none, and what it said.
    param ([bool] $Abort, [int] $Delay, [string] $Message)
    # In Windows PowerShell 5.1 what a program says on standard error would end the script.
    $ErrorActionPreference = 'Continue'
    $global:LASTEXITCODE = $null
    $before = $env:PATH
    try {
        # The one of Windows, whatever the search path has before it.
        $env:PATH = "$env:SystemRoot\System32"
        if ($Abort) {
            $said = shutdown.exe /a 2>&1
        }
        else {
            $said = shutdown.exe /r /t $Delay /c $Message 2>&1
        }
    }
    finally {
        $env:PATH = $before
    }
    $text = (@($said | ForEach-Object -Process { [string]$_ }) -join ' ').Trim()
    return @{ code = $global:LASTEXITCODE; text = $text }
}

$Ansible.Changed = $false
try {
    # Neither can be given to a program in one way that 5.1 and 7 agree on.
    $shown = $Message -replace '["\\]', "'"
    $called_off = $false
    $ended = Invoke-Shutdown -Delay $Delay -Message $shown
    if ($ended['code'] -eq 1190) {
        # ERROR_SHUTDOWN_IS_SCHEDULED: perhaps for hours from now.
        $called_off = (Invoke-Shutdown -Abort $true)['code'] -eq 0
        $Ansible.Changed = $called_off
        $ended = Invoke-Shutdown -Delay $Delay -Message $shown
    }
    # ERROR_SHUTDOWN_IN_PROGRESS: the host goes down by somebody else's order.
    if (@(0, 1115) -notcontains $ended['code']) {
        $text = 'shutdown.exe ended with ' + $(if ($null -eq $ended['code']) { 'no exit code' } else { $ended['code'] })
        if ($ended['text']) {
            $text += ': ' + $ended['text']
        }
        if ($called_off) {
            $text += ' (The restart that was scheduled before was called off.)'
        }
        throw $text
    }
    $Ansible.Changed = $true
    Write-RasResult -Data @{ ok = $true; ordered = $true; replaced = ($called_off -and $ended['code'] -eq 0) }
}
catch {
    Write-RasFailure -ErrorRecord $_
}

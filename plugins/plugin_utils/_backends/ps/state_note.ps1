# ras-script: state_note v2
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Read a small text file (UTF-8), or write it when there is content to write. The answer holds its content now.
# Its folder is the one that private_folder.ps1 made, and that the controller found to be ours.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Path,
    [string] $Content
)
# include: common
$changed = $false
try {
    $present = $null
    $temporary = "$Path.new"
    # Where the move below was cut off between removing the old file and naming the new one, the new one is whole.
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf) -and (Test-Path -LiteralPath $temporary -PathType Leaf)) {
        $present = [System.IO.File]::ReadAllText($temporary)
    }
    elseif (Test-Path -LiteralPath $Path -PathType Leaf) {
        # Not Get-Content: its text carries properties that would go into the JSON.
        $present = [System.IO.File]::ReadAllText($Path)
    }
    if ($PSBoundParameters.ContainsKey('Content') -and ($null -eq $present -or $present -cne $Content)) {
        $changed = $true
        if ($PSCmdlet.ShouldProcess($Path, 'Write')) {
            # Whole, or not at all: a script that is killed here must not leave half a note.
            [System.IO.File]::WriteAllText($temporary, $Content)
            Move-Item -LiteralPath $temporary -Destination $Path -Force
            $present = $Content
        }
    }
    Write-RasResult -Data @{ ok = $true; content = $present }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
$Ansible.Changed = $changed

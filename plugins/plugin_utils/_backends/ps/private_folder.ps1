# ras-script: private_folder v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Make a folder, and those above it, for administrators and SYSTEM only, and report who may use what there is. What exists already is
# never changed: the controller refuses it when it is not as it should be.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Path,
    [string] $Files,
    [bool] $Create
)
# include: common
function New-PrivateFolder {
    # Full control for administrators and SYSTEM, nothing inherited. By SIDs, for names depend on the language of Windows.
    param ([string] $Path)
    # Without Force: what somebody else made in the meantime is an error, and not taken over.
    $null = New-Item -Path $Path -ItemType Directory
    try {
        $acl = Get-Acl -LiteralPath $Path
        $acl.SetSecurityDescriptorSddlForm('O:BAD:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)', 'Owner, Access')
        Set-Acl -LiteralPath $Path -AclObject $acl
    }
    catch {
        [System.IO.Directory]::Delete($Path)
        throw
    }
    # Until now it had what it inherited: where that let others create files, one may be there that they still own.
    if (@(Get-ChildItem -LiteralPath $Path -Force).Count -gt 0) {
        throw "Somebody put something into $Path while it was made. Look at it, and remove it."
    }
}

$changed = $false
try {
    $rows = @(Get-AccessRow -Path $Path)
    if ($Create) {
        foreach ($row in $rows) {
            if ($row['kind'] -eq 'missing') {
                $changed = $true
                if ($PSCmdlet.ShouldProcess($row['path'], 'Create')) {
                    New-PrivateFolder -Path $row['path']
                }
            }
        }
        # Once more, from the drive on: the folders above may have changed while there was nothing in them yet.
        $rows = @(Get-AccessRow -Path $Path)
    }
    $found = @()
    if ($Files) {
        foreach ($name in $Files.Split('|')) {
            $found += Get-AccessOf -Path ($Path + '\' + $name)
        }
    }
    Write-RasResult -Data @{ ok = $true; made = $changed; rows = $rows; files = $found; administrator = Get-AdministratorSid }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
$Ansible.Changed = $changed

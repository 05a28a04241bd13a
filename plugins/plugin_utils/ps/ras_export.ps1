# ras-script: ras_export v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Export the settings of the farm into a file on this host, and tell its size and sha256.
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password,
    [Parameter(Mandatory)] [string] $Path
)
$ErrorActionPreference = 'Stop'
# include: common
try {
    Import-RasModule
    $folder = Split-Path -Path $Path -Parent
    if (-not (Test-Path -LiteralPath $folder)) {
        $null = New-Item -Path $folder -ItemType Directory -Force
    }
    New-RASSession -Username $Username -Password $Password -Server 'localhost' -Force
    try {
        Invoke-RASExportSettings -FilePath $Path
    }
    finally {
        Remove-RASSession
    }
    $file = Get-Item -LiteralPath $Path
    $hash = Get-FileHash -LiteralPath $Path -Algorithm SHA256
    Write-RasResult @{ ok = $true; path = $Path; size = $file.Length; sha256 = $hash.Hash.ToLowerInvariant() }
}
catch {
    Write-RasFailure -ErrorRecord $_
}

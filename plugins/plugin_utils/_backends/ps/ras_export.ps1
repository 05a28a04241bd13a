# ras-script: ras_export v4
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Export the settings of the farm into a file on this host, report its size and sha256, and remove older ones of its kind. The folder
# is the one that private_folder.ps1 made, and that the controller found to be ours.
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Username,
    [Parameter(Mandatory)] [securestring] $Password,
    [Parameter(Mandatory)] [string] $Path,
    [string] $Prefix,
    [int] $Keep,
    [int] $TimeoutInSecs
)
# include: common
$step['code'] = 'not_sent'
if ($Path -notmatch '^[A-Za-z]:[\\/].*[^\\/]$') {
    # Without a folder, Windows would take the current one of the process.
    $text = "The path of the export must be the full path of a file on a drive, such as C:\folder\farm.dat2: '$Path' is not."
    Write-RasResult -Data @{ ok = $false; error = @{ code = 'invalid_option'; message = $text } }
    return
}
Invoke-InRasSession -Username $Username -Password $Password -Body {
    $folder = Split-Path -Path $Path -Parent
    $arguments = @{ FilePath = $Path }
    # RAS 21.2 has a time limit, earlier ones do not.
    if ($TimeoutInSecs -gt 0 -and (Test-RasParameter -Name 'Invoke-RASExportSettings' -Parameter 'TimeoutInSecs')) {
        $arguments['TimeoutInSecs'] = $TimeoutInSecs
    }
    $step['code'] = 'refused'
    $null = Invoke-RASExportSettings @arguments
    $file = Get-Item -LiteralPath $Path
    $hash = Get-FileHash -LiteralPath $Path -Algorithm SHA256
    $removed = @()
    $kept = @()
    if ($Prefix -and $Keep -gt 0) {
        # The new file counts and is never removed, whatever its name or the clock says.
        $older = @(Get-ChildItem -LiteralPath $folder -File | Where-Object -FilterScript {
                $_.FullName -ne $file.FullName -and
                $_.Name.StartsWith($Prefix, [System.StringComparison]::OrdinalIgnoreCase) -and
                $_.Name.EndsWith('.dat2', [System.StringComparison]::OrdinalIgnoreCase)
            } | Sort-Object -Property LastWriteTimeUtc, Name -Descending | Select-Object -Skip ($Keep - 1))
        foreach ($old in $older) {
            try {
                Remove-Item -LiteralPath $old.FullName -Force
                $removed += [string]$old.FullName
            }
            catch {
                # The export is there: a file that somebody has open is left for the next time, and reported.
                $kept += [string]$old.FullName
            }
        }
    }
    Write-RasResult -Data @{
        ok = $true
        path = $Path
        size = $file.Length
        sha256 = $hash.Hash.ToLowerInvariant()
        removed = $removed
        not_removed = $kept
    }
}

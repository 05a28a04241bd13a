# ras-script: signature v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Report the Authenticode signature of a file: its status as Windows judges it, who signed, and its SHA-256.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Path
)
# include: common
try {
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        throw "Could not find file '$Path'."
    }
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    $publisher = $null
    $subject = $null
    if ($null -ne $signature.SignerCertificate) {
        $subject = [string]$signature.SignerCertificate.Subject
        # The organization, else the common name; a value with a comma in it is in quotation marks.
        foreach ($attribute in 'O', 'CN') {
            if (-not $publisher -and $subject -match ('(?:^|,\s*)' + $attribute + '=(?:"((?:[^"]|"")*)"|([^,]*))')) {
                $publisher = (([string]$Matches[1] + [string]$Matches[2]) -replace '""', '"').Trim()
            }
        }
    }
    $hash = Get-FileHash -LiteralPath $Path -Algorithm SHA256
    Write-RasResult -Data @{
        ok = $true
        status = [string]$signature.Status
        publisher = $publisher
        subject = $subject
        sha256 = $hash.Hash.ToLowerInvariant()
    }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
$Ansible.Changed = $false

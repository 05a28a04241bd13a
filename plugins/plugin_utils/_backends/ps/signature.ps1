# ras-script: signature v3
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Report the Authenticode signature of a file as Windows judges it, its SHA-256, and who may change the file and the folders above it.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Path
)
# include: common
function Get-ChainStatus {
    # Why Windows does not trust the chain of a certificate, in words that do not depend on its language. UnknownError does not say it.
    # Nothing is asked of the network: whether a certificate was revoked is for Get-AuthenticodeSignature.
    param ($Certificate)
    $status = @()
    try {
        $chain = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509Chain
        $chain.ChainPolicy.RevocationMode = 'NoCheck'
        $null = $chain.Build($Certificate)
        foreach ($each in $chain.ChainStatus) {
            $status += [string]$each.Status
        }
    }
    catch {
        Write-Verbose -Message 'The chain of the certificate could not be built.'
    }
    return , $status
}

try {
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        throw "Could not find file '$Path'."
    }
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    $subject = $null
    $thumbprint = $null
    $chain = @()
    if ($null -ne $signature.SignerCertificate) {
        $subject = [string]$signature.SignerCertificate.Subject
        $thumbprint = [string]$signature.SignerCertificate.Thumbprint
        if ([string]$signature.Status -ne 'Valid') {
            $chain = Get-ChainStatus -Certificate $signature.SignerCertificate
        }
    }
    $hash = Get-FileHash -LiteralPath $Path -Algorithm SHA256
    Write-RasResult -Data @{
        ok = $true
        status = [string]$signature.Status
        status_message = [string]$signature.StatusMessage
        chain = $chain
        subject = $subject
        thumbprint = $thumbprint
        sha256 = $hash.Hash.ToLowerInvariant()
        rows = @(Get-AccessRow -Path $Path)
        administrator = Get-AdministratorSid
    }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
$Ansible.Changed = $false

# ras-script: host_install v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Judge an installer, start it, and wait for its end, all while nobody else can write, replace or remove the file.
[CmdletBinding()]
param (
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Sha256,
    [Parameter(Mandatory)] [string] $Thumbprint,
    [Parameter(Mandatory)] [string] $CommandLine
)
# include: common
function Open-Installer {
    # The file for reading, and why others may write it meanwhile; nothing, where they may not.
    param ([string] $Path)
    try {
        $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $Path, 'Open', 'Read', 'Read'
        return @{ stream = $stream; not_held = $null }
    }
    catch {
        $why = $_.Exception.GetBaseException()
        # ERROR_SHARING_VIOLATION: somebody has it open for writing, and can be neither waited for nor sent away.
        if ($why.HResult -ne -2147024864) {
            throw $why
        }
    }
    $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $Path, 'Open', 'Read', 'ReadWrite'
    return @{ stream = $stream; not_held = [string]$why.Message }
}

function Assert-Installer {
    # What the controller judged is what lies here now: the content through the handle that is held, the signature as Windows sees it.
    param ($Stream, [string] $Path, [string] $Sha256, [string] $Thumbprint)
    $hash = (Get-FileHash -InputStream $Stream -Algorithm 'SHA256' -ErrorAction 'Stop').Hash
    if ($hash -ne $Sha256) {
        $text = "The file '$Path' has changed: expected SHA-256 $Sha256, observed $($hash.ToLowerInvariant())."
        Stop-WithCode -Code 'installer_changed' -Message $text
    }
    $signature = Get-AuthenticodeSignature -LiteralPath $Path
    $status = [string]$signature.Status
    if ($status -ne 'Valid') {
        $text = "The signature of '$Path': expected Valid, observed $status. $($signature.StatusMessage)"
        Stop-WithCode -Code 'installer_changed' -Message $text
    }
    $found = [string]$signature.SignerCertificate.Thumbprint
    if ($found -ne $Thumbprint) {
        $text = "The signer of '$Path': expected the certificate $Thumbprint, observed $found."
        Stop-WithCode -Code 'installer_changed' -Message $text
    }
}

$step['code'] = 'not_sent'
$Ansible.Changed = $false
$opened = $null
try {
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        throw "Could not find file '$Path'."
    }
    $opened = Open-Installer -Path $Path
    Assert-Installer -Stream $opened['stream'] -Path $Path -Sha256 $Sha256 -Thumbprint $Thumbprint
    # Whatever Start-Process says, it says before there is a process.
    $process = Start-Process -FilePath "$env:SystemRoot\System32\msiexec.exe" -ArgumentList $CommandLine -PassThru
    if ($null -eq $process) {
        throw 'Windows did not start msiexec.exe, and does not say why.'
    }
    $step['code'] = 'refused'
    $Ansible.Changed = $true
    # Windows PowerShell 5.1 knows the exit code later only if the handle was asked for now.
    $null = $process.Handle
    $process.WaitForExit()
    $code = $process.ExitCode
    if ($null -eq $code) {
        throw 'msiexec.exe has ended, and Windows does not say with which exit code.'
    }
    $why = $opened['not_held']
    Write-RasResult -Data @{ ok = $true; rc = [int]$code; held = ($null -eq $why); not_held = $why }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
finally {
    if ($null -ne $opened) {
        $opened['stream'].Dispose()
    }
}

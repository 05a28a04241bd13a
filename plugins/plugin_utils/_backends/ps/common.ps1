# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the scripts share. A script includes this file at its line "# include: common".

# Any error ends the script.
$ErrorActionPreference = 'Stop'
# Nobody can confirm anything: a cmdlet that asks would end the script.
$ConfirmPreference = 'None'
# The code of an error that has none of its own: that of the step which the script is in. A table, because a script block
# sees the variables of its caller, but sets only its own.
$step = @{ code = 'refused' }

function Stop-WithCode {
    # A failure with a code of ours; the controller turns it into its own failure.
    param ([string] $Code, [string] $Message)
    throw "ras:${Code}:${Message}"
}

function Write-RasResult {
    # One JSON string, so that nothing is cut by the depth at which results are serialized.
    param ($Data)
    $Ansible.Result = ConvertTo-Json -InputObject $Data -Depth 8 -Compress
}

function Write-RasFailure {
    # The code is that of the current step; a failure of ours has its own.
    param ($ErrorRecord)
    $code = $step['code']
    $message = [string]$ErrorRecord.Exception.Message
    if ($message -match '^ras:([a-z_]+):(.*)$') {
        $code = $Matches[1]
        $message = $Matches[2]
    }
    Write-RasResult -Data @{ ok = $false; error = @{ code = $code; message = $message } }
}

function Get-RasFolder {
    # The installer writes ProductDir; the folder has been the same in all versions seen.
    $key = 'HKLM:\SOFTWARE\WOW6432Node\Parallels\Setup\ApplicationServer'
    $folder = 'C:\Program Files (x86)\Parallels\ApplicationServer'
    if (Test-Path -LiteralPath $key) {
        $item = Get-ItemProperty -LiteralPath $key
        if ($item.ProductDir) {
            $folder = [string]$item.ProductDir
        }
    }
    return $folder
}

function Import-RasModule {
    # The manifest resolves paths against the current folder (vendor samples), so the folder comes first.
    $folder = Get-RasFolder
    $manifest = Join-Path -Path $folder -ChildPath 'Modules\RASAdmin\RASAdmin.psd1'
    if (Test-Path -LiteralPath $manifest) {
        Push-Location -LiteralPath (Split-Path -Path $manifest -Parent)
        try {
            Import-Module -Name $manifest
        }
        finally {
            Pop-Location
        }
        return
    }
    if (Test-Path -LiteralPath (Join-Path -Path $folder -ChildPath 'Modules\PSAdmin\PSAdmin.psd1')) {
        Stop-WithCode -Code 'product_too_old' -Message 'The host has the PSAdmin module of RAS 15-17.'
    }
    if (Test-Path -LiteralPath $folder) {
        Stop-WithCode -Code 'product_missing' -Message 'RAS is installed, but its PowerShell module is not.'
    }
    Stop-WithCode -Code 'product_missing' -Message 'RAS is not installed on this host.'
}

function Get-RasName {
    # Cmdlets were renamed between versions: the first name that exists counts.
    param ([string[]] $Names, [string] $Code = 'product_too_old')
    foreach ($name in $Names) {
        if (Get-Command -Name $name -ErrorAction SilentlyContinue) {
            return $name
        }
    }
    Stop-WithCode -Code $Code -Message ('None of these cmdlets exists: ' + ($Names -join ', '))
}

function Invoke-InRasSession {
    # Run a body as this RAS administrator, close the session whatever happens, and report what went wrong.
    param ([string] $Username, [securestring] $Password, [scriptblock] $Body)
    $code = $step['code']
    # A script that runs in check mode only reads: check mode must not keep a cmdlet from opening its session.
    $WhatIfPreference = $false
    try {
        Import-RasModule
        $step['code'] = 'logon_failed'
        # Without -Force: the vendor's samples use it to log on to a backup broker while the primary is down, and nothing
        # else is documented about it. Where RAS asks because this is such a broker, the logon fails.
        New-RASSession -Username $Username -Password $Password -Server 'localhost'
        try {
            $step['code'] = $code
            & $Body
        }
        finally {
            Close-RasSession
        }
    }
    catch {
        Write-RasFailure -ErrorRecord $_
    }
}

function Close-RasSession {
    # A log-off that fails must hide neither the result nor the first error.
    try {
        Remove-RASSession
    }
    catch {
        Write-Warning -Message ('The RAS session could not be closed: ' + [string]$_.Exception.Message)
    }
}

function ConvertTo-RasRow {
    # A flat object of strings, numbers and booleans: enumerations as their names, dates so that they can be read in one
    # way only (a cast to text would put the month first, whatever the culture).
    param ($InputObject)
    $row = @{}
    foreach ($property in $InputObject.PSObject.Properties) {
        $value = $property.Value
        if ($null -eq $value -or $value -is [bool] -or $value -is [int] -or $value -is [long]) {
            $row[$property.Name] = $value
        }
        elseif ($value -is [datetime]) {
            $culture = [System.Globalization.CultureInfo]::InvariantCulture
            $row[$property.Name] = $value.ToString('yyyy-MM-dd HH:mm:ss', $culture)
        }
        else {
            $row[$property.Name] = [string]$value
        }
    }
    return $row
}

function Get-AccessRow {
    # Each folder from the drive to a path, and the path itself: what it is, who owns it and who may use it. The controller judges
    # them (module_utils/_core/private_folder.py). SDDL names people in one way, whatever the language of Windows.
    param ([string] $Path)
    if ($Path -notmatch '^[A-Za-z]:\\.') {
        return
    }
    $parts = $Path.Split('\')
    $here = $parts[0]
    foreach ($part in $parts[1..($parts.Count - 1)]) {
        if ($here -eq $parts[0]) {
            Get-AccessOf -Path ($here + '\')
        }
        $here = $here + '\' + $part
        Get-AccessOf -Path $here
    }
}

function Get-AccessOf {
    # One row. A link is not followed.
    param ([string] $Path)
    $row = @{ path = $Path; kind = 'missing'; link = $false; owner = $null; sddl = $null }
    if (Test-Path -LiteralPath $Path) {
        # Folders such as C:\ProgramData are hidden, and found with Force only.
        $item = Get-Item -LiteralPath $Path -Force
        $acl = Get-Acl -LiteralPath $Path
        $row['kind'] = 'file'
        if ($item.PSIsContainer) {
            $row['kind'] = 'folder'
        }
        $row['link'] = ($item.Attributes -band [System.IO.FileAttributes]::ReparsePoint) -ne 0
        $row['owner'] = [string]$acl.Owner
        $row['sddl'] = [string]$acl.Sddl
    }
    return $row
}

function Get-AdministratorSid {
    # The SID of the user of this connection, when it is an administrator here; else nothing.
    try {
        $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
        $principal = New-Object -TypeName System.Security.Principal.WindowsPrincipal -ArgumentList $identity
        if ($principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)) {
            return [string]$identity.User.Value
        }
    }
    catch {
        Write-Verbose -Message 'The user of this connection is not known.'
    }
    return $null
}

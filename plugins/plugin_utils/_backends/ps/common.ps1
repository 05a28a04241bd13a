# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the scripts share. A script includes this file at its line "# include: common".

# Windows with a policy for applications runs scripts in a constrained language. What they need fails there one by one, so it is
# said before anything is begun, in that language.
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    $text = 'PowerShell runs scripts on this host in ' + $ExecutionContext.SessionState.LanguageMode + ' mode.'
    $Ansible.Changed = $false
    $failure = @{ code = 'constrained_language'; message = $text }
    $Ansible.Result = ConvertTo-Json -InputObject @{ ok = $false; error = $failure } -Depth 8 -Compress
    return
}
# Any error ends the script.
$ErrorActionPreference = 'Stop'
# The cmdlets of a script module do not see that: each one of RAS gets it as a parameter.
$PSDefaultParameterValues = @{ '*-RAS*:ErrorAction' = 'Stop' }
# Nobody can confirm anything: a cmdlet that asks would end the script.
$ConfirmPreference = 'None'
# The code of an error that has none of its own: that of the step which the script is in. And the failure of ours that ends the
# script, and the module of RAS. A table, because a script block sees the variables of its caller, but sets only its own.
$step = @{ code = 'refused'; failure = $null; module = $null }

function Stop-WithCode {
    # A failure with a code of ours; the controller turns it into its own failure. Code and text stay apart, so that no text of
    # somebody else's can pass for one of these.
    param ([string] $Code, [string] $Message)
    $step['failure'] = @{ code = $Code; message = $Message }
    throw $Message
}

function Write-RasResult {
    # One JSON string, so that nothing is cut by the depth at which results are serialized.
    param ($Data)
    $Ansible.Result = ConvertTo-Json -InputObject $Data -Depth 8 -Compress
}

function Read-RasFailure {
    # Code and message of what was caught. The code is that of the current step; a failure of ours has its own.
    param ($ErrorRecord)
    $own = $step['failure']
    $step['failure'] = $null
    $message = [string]$ErrorRecord.Exception.Message
    # One of ours that was caught and forgotten must not lend its code to another.
    if ($null -ne $own -and $own['message'] -ceq $message) {
        return $own
    }
    return @{ code = $step['code']; message = $message }
}

function Write-RasFailure {
    param ($ErrorRecord)
    Write-RasResult -Data @{ ok = $false; error = (Read-RasFailure -ErrorRecord $ErrorRecord) }
}

function Get-ComputerName {
    # The name that the environment has is cut off after 15 characters, and a farm knows its brokers by longer ones.
    try {
        $whole = (Get-CimInstance -ClassName 'Win32_ComputerSystem').DNSHostName
        if ($whole -is [string] -and $whole) {
            return $whole
        }
    }
    catch {
        Write-Verbose -Message 'Windows does not say what the computer is called in DNS.'
    }
    return [string]$env:COMPUTERNAME
}

function Get-RasFolder {
    # The installer writes ProductDir; the folder has been the same in all versions seen.
    $key = 'HKLM:\SOFTWARE\WOW6432Node\Parallels\Setup\ApplicationServer'
    $folder = 'C:\Program Files (x86)\Parallels\ApplicationServer'
    if (Test-Path -LiteralPath $key) {
        # This value alone: another one of the key that cannot be read says nothing about the folder.
        $value = (Get-Item -LiteralPath $key).GetValue('ProductDir')
        if ($null -ne $value -and $value -isnot [string]) {
            throw "The value ProductDir of $key is not a text."
        }
        if ($value) {
            $folder = $value
        }
    }
    return $folder
}

function Get-RasVersionFolder {
    # The folders of versions in the folder of the module, the newest first. What cannot be listed has none.
    param ([string] $Root)
    $found = @()
    if (Test-Path -LiteralPath $Root) {
        foreach ($item in @(Get-ChildItem -LiteralPath $Root)) {
            if ($item.PSIsContainer -and $item.Name -match '^\d{1,9}(\.\d{1,9}){0,3}$') {
                $found += $item
            }
        }
    }
    # '4' is no version for .NET, '4.0' is.
    return @($found | Sort-Object -Property @{ Expression = { [version]($_.Name -replace '^(\d+)$', '$1.0') } } -Descending)
}

function Import-RasModule {
    # By its folder, then by its name, then from inside its version folders. Some builds have a manifest whose entries begin with
    # "../4.0": they are found from there only, or where the folder of a version has a manifest of its own, by folder and by name.
    # No drive need be there: Join-Path would end with an error.
    $folder = (Get-RasFolder).TrimEnd('\')
    $root = $folder + '\Modules\RASAdmin'
    $ways = @(@{ way = 'by its folder'; name = $root }, @{ way = 'by its name'; name = 'RASAdmin' })
    foreach ($version in @(Get-RasVersionFolder -Root $root)) {
        $inside = $root + '\' + $version.Name
        foreach ($manifest in ($root + '\RASAdmin.psd1'), ($inside + '\RASAdmin.psd1')) {
            if (Test-Path -LiteralPath $manifest) {
                $ways += @{ way = 'from inside ' + $version.Name; name = $manifest; from = $inside }
            }
        }
    }
    $reasons = @()
    foreach ($way in $ways) {
        try {
            $step['module'] = Import-RasModuleFrom -Location $way['from'] -Name $way['name']
            if ($null -ne $step['module']) {
                return
            }
            $reasons += $way['way'] + ': no module was loaded.'
        }
        catch {
            $reasons += $way['way'] + ': ' + [string]$_.Exception.Message
        }
    }
    if (-not (Test-Path -LiteralPath $root)) {
        if (Test-Path -LiteralPath ($folder + '\Modules\PSAdmin')) {
            Stop-WithCode -Code 'product_too_old' -Message 'The host has the PSAdmin module of RAS 15-17.'
        }
        if (Test-Path -LiteralPath $folder) {
            Stop-WithCode -Code 'product_missing' -Message 'RAS is installed, but its PowerShell module is not.'
        }
        Stop-WithCode -Code 'product_missing' -Message 'RAS is not installed on this host.'
    }
    $message = 'The PowerShell module of RAS cannot be loaded, ' + ($reasons -join '; ')
    Stop-WithCode -Code 'product_missing' -Message $message
}

function Import-RasModuleFrom {
    # One attempt, from this folder where one is given. What a module prints while it is loaded is no module.
    param ([string] $Location, [string] $Name)
    Push-Location
    try {
        if ($Location) {
            Set-Location -LiteralPath $Location
        }
        foreach ($printed in @(Import-Module -Name $Name -PassThru)) {
            if ($printed -is [System.Management.Automation.PSModuleInfo]) {
                return $printed
            }
        }
    }
    finally {
        Pop-Location
    }
}

function Get-RasName {
    # Cmdlets were renamed between versions: the first name that the module has counts. Elsewhere, none is looked for.
    param ([string[]] $Names, [string] $Code = 'product_too_old')
    foreach ($name in $Names) {
        if ($step['module'].ExportedCommands.ContainsKey($name)) {
            return $name
        }
    }
    Stop-WithCode -Code $Code -Message ('None of these cmdlets exists: ' + ($Names -join ', '))
}

function Test-RasParameter {
    # Whether a cmdlet of the module has this parameter in this version. A cmdlet that is not there has none.
    param ([string] $Name, [string] $Parameter)
    $command = $step['module'].ExportedCommands[$Name]
    return $null -ne $command -and $command.Parameters.ContainsKey($Parameter)
}

function Invoke-InRasSession {
    # Run a body as this RAS administrator, close the session whatever happens, and report what went wrong. What cmdlets print is
    # thrown away: a key may be in it, and nobody masks it.
    param ([string] $Username, [securestring] $Password, [scriptblock] $Body)
    $code = $step['code']
    # A script that runs in check mode only reads: check mode must not keep a cmdlet from opening its session.
    $WhatIfPreference = $false
    try {
        $null = Import-RasModule
        $step['code'] = 'logon_failed'
        # Without -Force: the vendor's samples use it to log on to a backup broker while the primary is down, and nothing
        # else is documented about it. Where RAS asks because this is such a broker, the logon fails.
        $null = New-RASSession -Username $Username -Password $Password -Server 'localhost'
        try {
            $step['code'] = $code
            $null = & $Body
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
        $null = Remove-RASSession
    }
    catch {
        Write-Warning -Message ('The RAS session could not be closed: ' + [string]$_.Exception.Message)
    }
}

function ConvertTo-RasRow {
    # A flat object of texts, numbers and booleans. A property that cannot be read is null.
    param ($InputObject)
    $row = @{}
    foreach ($property in $InputObject.PSObject.Properties) {
        $row[$property.Name] = $null
        try {
            $row[$property.Name] = ConvertTo-RasValue -Value $property.Value
        }
        catch {
            Write-Verbose -Message ('A property could not be read: ' + $property.Name)
        }
    }
    return $row
}

function ConvertTo-RasValue {
    # Whole numbers and booleans as they are, enumerations as their names, dates so that they can be read in one way only, whatever
    # the culture (a cast to text would put the month first); the rest as the text that PowerShell makes of it everywhere.
    param ($Value)
    if ($null -eq $Value) {
        return $null
    }
    foreach ($type in [bool], [byte], [sbyte], [int16], [uint16], [int], [uint32], [long], [uint64]) {
        if ($Value -is $type) {
            return $Value.PSObject.BaseObject
        }
    }
    if ($Value -is [datetime]) {
        return $Value.ToString('yyyy-MM-dd HH:mm:ss', [System.Globalization.CultureInfo]::InvariantCulture)
    }
    return [string]$Value
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

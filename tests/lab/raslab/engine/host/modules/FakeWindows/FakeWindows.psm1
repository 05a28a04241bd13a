# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Cmdlets of Windows that PowerShell for Linux lacks, answered from the machine's table or by its model.
function Get-Table { param ([string] $Name) [FakeWindows.Machine]::Current.Data.$Name }

function Get-Answer { param ($Question) ConvertFrom-Json -InputObject ([FakeWindows.Model]::Ask((ConvertTo-Json -Compress -Depth 5 -InputObject $Question))) }

function Get-Service {
    [CmdletBinding()]
    param ([Parameter(Position = 0)] [string[]] $Name = '*', [string[]] $DisplayName = '*')
    foreach ($service in Get-Table services) {
        if (-not ($Name | Where-Object { $service.Name -like $_ }) -or -not ($DisplayName | Where-Object { $service.DisplayName -like $_ })) { continue }
        if ($service.Denied) {
            # Seen on Windows Server 2019 for a service whose rights are broken.
            Write-Error -Message "Service '$($service.DisplayName) ($($service.Name))' cannot be queried due to the following error: $($service.Denied)" -ErrorId CouldNotGetServiceInfo -Category PermissionDenied -TargetObject ([pscustomobject]@{ ServiceName = $service.Name; DisplayName = $service.DisplayName })
            continue
        }
        $one = [pscustomobject]@{ ServiceName = $service.Name; DisplayName = $service.DisplayName; Status = $service.Status; StartType = $service.StartType }
        # The type table of each PowerShell has the alias Name for this type: a property of that name would clash.
        $one.PSTypeNames.Insert(0, 'System.ServiceProcess.ServiceController')
        $one
    }
    foreach ($each in $Name) {
        if (-not [WildcardPattern]::ContainsWildcardCharacters($each) -and -not (Get-Table services | Where-Object { $_.Name -like $each })) {
            Write-Error -Message "Cannot find any service with service name '$each'." -ErrorId NoServiceFoundForGivenName -Category ObjectNotFound -TargetObject $each
        }
    }
}

function Get-CimInstance {
    [CmdletBinding()]
    param ([Parameter(Mandatory, Position = 0)] [string] $ClassName, [string] $Namespace, [string] $Filter, [string[]] $Property)
    $broken = (Get-Table cim_broken).$ClassName
    if ($broken) {
        Write-Error -Message $broken -ErrorId 'HRESULT 0x80041001,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand' -Category NotSpecified
        return
    }
    $rows = (Get-Table cim).$ClassName
    if ($null -eq $rows) {
        Write-Error -Message 'Invalid class ' -ErrorId 'HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand' -Category MetadataError
        return
    }
    foreach ($row in $rows) {
        if ($Filter) {
            # Only "Name=value" and "Name='value'", the forms in use.
            if ($Filter -notmatch "^\s*(\w+)\s*=\s*'?([^']*?)'?\s*$") { throw "FakeWindows: the filter $Filter is not modelled" }
            if ([string]$row.$($Matches[1]) -ne $Matches[2]) { continue }
        }
        $copy = [ordered]@{}
        foreach ($each in $row.PSObject.Properties) {
            $copy[$each.Name] = $each.Value
            # Dates are dates, as CIM gives them: a number means seconds ago.
            if ($each.Name -like '*Time' -and $null -ne $each.Value) { $copy[$each.Name] = [datetime]::Now.AddSeconds(-[double]$each.Value) }
            if ($each.Name -in 'FreeSpace', 'Size' -and $null -ne $each.Value) { $copy[$each.Name] = [uint64]$each.Value }
        }
        [pscustomobject]$copy
    }
}

function Get-AuthenticodeSignature {
    [CmdletBinding()]
    param ([Parameter(Mandatory, Position = 0)] [string[]] $LiteralPath)
    foreach ($path in $LiteralPath) {
        if (-not (Test-Path -LiteralPath $path -PathType Leaf)) {
            Write-Error -Exception ([System.Management.Automation.ItemNotFoundException]::new("File $path was not found.")) -ErrorId FileNotFound
            continue
        }
        $answer = Get-Answer @{ ask = 'signature'; path = $path }
        $certificate = $null
        if ($answer.certificate) { $certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new([Convert]::FromBase64String($answer.certificate)) }
        [pscustomobject]@{ Path = $path; Status = $answer.status; StatusMessage = $answer.message; SignerCertificate = $certificate }
    }
}

function Get-Acl {
    [CmdletBinding()]
    param ([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath)
    foreach ($each in @($Path) + @($LiteralPath) | Where-Object { $_ }) {
        $answer = Get-Answer @{ ask = 'access'; path = $each; folder = (Test-Path -LiteralPath $each -PathType Container) }
        if ($answer.error) { Write-Error -Message $answer.error -ErrorId 'System.UnauthorizedAccessException' -Category PermissionDenied; continue }
        [FakeWindows.Acl]::new($each, $answer.owner, $answer.sddl)
    }
}

function Set-Acl {
    [CmdletBinding(SupportsShouldProcess)]
    param ([Parameter(Mandatory)] [string] $LiteralPath, [Parameter(Mandatory)] $AclObject)
    if ($PSCmdlet.ShouldProcess($LiteralPath)) {
        $answer = Get-Answer @{ ask = 'set_access'; path = $LiteralPath; sddl = $AclObject.Sddl }
        if ($answer.error) { Write-Error -Message $answer.error -ErrorId 'System.UnauthorizedAccessException' -Category PermissionDenied }
    }
}

function Start-Process {
    [CmdletBinding()]
    param ([Parameter(Mandatory)] [string] $FilePath, [string[]] $ArgumentList, [switch] $PassThru)
    try { $process = [FakeWindows.StartedProcess]::new($FilePath, $ArgumentList -join ' ') }
    catch {
        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new($_.Exception.GetBaseException(), 'InvalidOperationException', 'InvalidOperation', $null))
    }
    if ($PassThru) { $process }
}

function shutdown.exe {
    [CmdletBinding()]
    param ([Parameter(ValueFromRemainingArguments)] [string[]] $Arguments)
    $answer = Get-Answer @{ ask = 'shutdown'; arguments = @($Arguments) }
    $global:LASTEXITCODE = $answer.code
    if ($answer.said) {
        # What a program says on standard error is an error in Windows PowerShell 5.1, and ends a script that ends at errors.
        $record = [System.Management.Automation.ErrorRecord]::new([System.Management.Automation.RemoteException]::new($answer.said), 'NativeCommandError', 'NotSpecified', $null)
        if ($PSCmdlet.SessionState.PSVariable.GetValue('ErrorActionPreference') -eq 'Stop') { $PSCmdlet.ThrowTerminatingError($record) }
        $ErrorActionPreference = 'Continue'
        $PSCmdlet.WriteError($record)
    }
}
Export-ModuleMember -Function Get-Service, Get-CimInstance, Get-AuthenticodeSignature, Get-Acl, Set-Acl, Start-Process, shutdown.exe

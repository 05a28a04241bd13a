# ras-script: host_observe v4
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What is on this host: product, services, pending reboot, disk, uptime, PowerShell module. No RAS session is needed.
[CmdletBinding(SupportsShouldProcess)]
param ()
# include: common

function Get-ManifestVersion {
    # A manifest may compute its values, which a data file must not: then the line itself is read.
    param ([string] $Path)
    if (Get-Command -Name 'Import-PowerShellDataFile' -ErrorAction SilentlyContinue) {
        try {
            $version = (Import-PowerShellDataFile -LiteralPath $Path).ModuleVersion
            if ($version) {
                return [string]$version
            }
        }
        catch {
            Write-Verbose -Message 'The manifest is not a plain data file.'
        }
    }
    foreach ($line in @(Get-Content -LiteralPath $Path)) {
        if ($line -match "^\s*ModuleVersion\s*=\s*['`"]([^'`"]+)['`"]") {
            return [string]$Matches[1]
        }
    }
    return $null
}

try {
    $products = @()
    foreach ($hive in 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall') {
        if (-not (Test-Path -LiteralPath $hive)) {
            continue
        }
        foreach ($key in @(Get-ChildItem -LiteralPath $hive)) {
            $item = Get-ItemProperty -LiteralPath $key.PSPath
            # Both names have been seen; which version writes which is not documented.
            if ($item.DisplayName -match '^Parallels (Remote )?Application Server') {
                $products += @{
                    name = [string]$item.DisplayName
                    version = [string]$item.DisplayVersion
                    publisher = [string]$item.Publisher
                    product_code = [string]$key.PSChildName
                }
            }
        }
    }
    $services = @()
    foreach ($service in @(Get-Service)) {
        # Exact service names are not documented, their display names begin alike.
        if ($service.DisplayName -match '^(RAS |Parallels|2X)') {
            $services += @{
                name = [string]$service.Name
                display_name = [string]$service.DisplayName
                status = [string]$service.Status
                start_type = [string]$service.StartType
            }
        }
    }
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    $folder = Get-RasFolder
    $drive = $env:SystemDrive
    $disk = Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$drive'"
    $session = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
    $sources = @()
    if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending') {
        $sources += 'component_servicing'
    }
    if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired') {
        $sources += 'windows_update'
    }
    # Drivers, browsers and security software fill this list for good: alone it is no restart that is due.
    $pending = $sources.Count -gt 0
    if ($null -ne (Get-ItemProperty -LiteralPath $session).PendingFileRenameOperations) {
        $sources += 'file_renames'
    }
    $manifest = Join-Path -Path $folder -ChildPath 'Modules\RASAdmin\RASAdmin.psd1'
    $old = Join-Path -Path $folder -ChildPath 'Modules\PSAdmin\PSAdmin.psd1'
    $module = $null
    $moduleVersion = $null
    if (Test-Path -LiteralPath $manifest) {
        $module = 'RASAdmin'
        $moduleVersion = Get-ManifestVersion -Path $manifest
    }
    elseif (Test-Path -LiteralPath $old) {
        $module = 'PSAdmin'
        $moduleVersion = Get-ManifestVersion -Path $old
    }
    # The process msiexec stays for minutes after an installation; this mutex is held while one goes on (Microsoft,
    # "_MSIExecute Mutex").
    $mutex = $null
    $installing = [System.Threading.Mutex]::TryOpenExisting('Global\_MSIExecute', [ref]$mutex)
    if ($null -ne $mutex) {
        $mutex.Dispose()
    }
    # Interactive remote sessions as Windows counts them: an administrator may count twice, and one that has just ended
    # may still be there.
    $remote = @(Get-CimInstance -ClassName Win32_LogonSession -Filter 'LogonType=10')
    Write-RasResult -Data @{
        ok = $true
        computer = [string]$env:COMPUTERNAME
        products = $products
        services = $services
        folder = $folder
        module = $module
        module_version = $moduleVersion
        reboot_pending = [bool]$pending
        reboot_sources = $sources
        installer_running = $installing
        disk_free_bytes = [long]$disk.FreeSpace
        # In UTC: between local times, the begin or the end of summer time would be an hour.
        uptime_seconds = [long][Math]::Max(0, ([datetime]::UtcNow - $system.LastBootUpTime.ToUniversalTime()).TotalSeconds)
        session_count = [int]$remote.Count
        os = [string]$system.Caption
    }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
$Ansible.Changed = $false

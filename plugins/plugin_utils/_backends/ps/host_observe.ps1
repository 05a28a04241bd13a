# ras-script: host_observe v5
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What is on this host: product, services, pending restart, disks, uptime, sessions, PowerShell module. No RAS session is
# needed. Each source is read apart: what cannot be read is null, says why in 'unread', and hides nothing else.
[CmdletBinding(SupportsShouldProcess)]
param ()
# include: common

# By source: why it could not be read, and how often.
$unread = @{}

function Add-Unread {
    # The first reason of each source is kept; a host may have hundreds of keys that cannot be read.
    param ([string] $Source, $Because)
    $why = [string]$Because
    if ($Because -is [System.Management.Automation.ErrorRecord]) {
        # That of .NET, without PowerShell's own sentence around it.
        $why = [string]$Because.Exception.GetBaseException().Message
    }
    if ($unread.ContainsKey($Source)) {
        $unread[$Source]['more'] += 1
        return
    }
    $unread[$Source] = @{ why = $why; more = 0 }
}

function Read-Part {
    # What a source says; nothing, and a reason, when it cannot be read.
    param ([string] $Source, [scriptblock] $Body)
    try {
        & $Body
    }
    catch {
        Add-Unread -Source $Source -Because $_
    }
}

function Read-Text {
    # A value of a key that must be a text; nothing where there is no such value.
    param ($Key, [string] $Name)
    $value = $Key.GetValue($Name)
    if ($null -ne $value -and $value -isnot [string]) {
        throw "The value $Name of $($Key.Name) is not a text."
    }
    return $value
}

function Read-Row {
    # The one instance of a CIM class.
    param ([string] $ClassName, [string] $Filter)
    $given = @{ ClassName = $ClassName }
    if ($Filter) {
        $given['Filter'] = $Filter
    }
    $rows = @(Get-CimInstance @given)
    if ($rows.Count -ne 1 -or $null -eq $rows[0]) {
        throw "Expected one instance of $ClassName $Filter, observed $($rows.Count)."
    }
    return $rows[0]
}

function Read-Free {
    # The free bytes of a drive such as C:
    param ([string] $Drive)
    $free = (Read-Row -ClassName 'Win32_LogicalDisk' -Filter "DeviceID='$Drive'").FreeSpace
    if ($null -eq $free) {
        throw "Windows does not say how much of $Drive is free."
    }
    return [long]$free
}

function Get-Product {
    # The entries of RAS in the list of programs. Value by value: a key of somebody else that cannot be read hides nothing.
    foreach ($hive in 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall') {
        $keys = Read-Part -Source 'products' -Body {
            if (Test-Path -LiteralPath $hive) {
                Get-ChildItem -LiteralPath $hive -ErrorAction SilentlyContinue -ErrorVariable problems
                foreach ($problem in $problems) {
                    Add-Unread -Source 'products' -Because $problem
                }
            }
        }
        foreach ($key in @($keys | Where-Object -FilterScript { $null -ne $_ })) {
            $name = Read-Part -Source 'products' -Body { Read-Text -Key $key -Name 'DisplayName' }
            # Both names have been seen; which version writes which is not documented.
            if ($name -match '^Parallels (Remote )?Application Server') {
                @{
                    name = [string]$name
                    version = Read-Part -Source 'products' -Body { Read-Text -Key $key -Name 'DisplayVersion' }
                    publisher = Read-Part -Source 'products' -Body { Read-Text -Key $key -Name 'Publisher' }
                    product_code = [string]$key.PSChildName
                }
            }
        }
    }
}

function Get-RasService {
    # Exact service names are not documented, their display names begin alike. Services of others are not asked.
    $found = @(Get-Service -DisplayName 'RAS *', 'Parallels*', '2X*' -ErrorAction SilentlyContinue -ErrorVariable problems)
    foreach ($problem in $problems) {
        Add-Unread -Source 'services' -Because $problem
        # One that could not be queried is there all the same; Windows PowerShell may have written it, too.
        $target = $problem.TargetObject
        if (-not $target.DisplayName) {
            # Which one is missing is not known, so the list is not.
            throw [string]$problem.Exception.Message
        }
        if (@($found | Where-Object -FilterScript { $_.DisplayName -eq $target.DisplayName }).Count -eq 0) {
            @{ name = [string]$target.ServiceName; display_name = [string]$target.DisplayName; status = $null; start_type = '' }
        }
    }
    foreach ($service in $found) {
        # A property that cannot be read is null in PowerShell, without an error.
        $status = $null
        if ($service.Status) {
            $status = [string]$service.Status
        }
        else {
            Add-Unread -Source 'services' -Because ('The state of the service ' + $service.DisplayName + ' cannot be read.')
        }
        @{
            name = [string]$service.ServiceName
            display_name = [string]$service.DisplayName
            status = $status
            start_type = [string]$service.StartType
        }
    }
}

function Test-Installing {
    # The process msiexec stays for minutes after an installation; this mutex is held while one goes on (Microsoft,
    # "_MSIExecute Mutex"). One that is there and may not be opened is held, too.
    $mutex = $null
    try {
        $there = [System.Threading.Mutex]::TryOpenExisting('Global\_MSIExecute', [ref]$mutex)
    }
    catch [System.UnauthorizedAccessException] {
        return $true
    }
    if ($null -ne $mutex) {
        $mutex.Dispose()
    }
    return [bool]$there
}

function Get-SessionCount {
    # Sessions that have a user, active or disconnected, as the session manager of Windows lists them (Microsoft,
    # "WTSEnumerateSessions"): logon sessions, which CIM lists, stay after their users have gone.
    $type = 'FleetOps.RasSessions' -as [type]
    if (-not $type) {
        # C# 5: the compiler that Windows brings knows no more.
        Add-Type -TypeDefinition @'
using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FleetOps
{
    public static class RasSessions
    {
        private const int Active = 0;
        private const int Disconnected = 4;
        private const int UserName = 5;
        // ERROR_FILE_NOT_FOUND and ERROR_CTX_WINSTATION_NOT_FOUND: the session has ended meanwhile.
        private const int NoFile = 2;
        private const int NoSession = 7022;

        [StructLayout(LayoutKind.Sequential)]
        private struct Row
        {
            public int Id;
            public IntPtr Station;
            public int State;
        }

        [DllImport("wtsapi32.dll", EntryPoint = "WTSEnumerateSessionsW", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool Enumerate(IntPtr server, int reserved, int version, out IntPtr rows, out int count);

        [DllImport("wtsapi32.dll", EntryPoint = "WTSQuerySessionInformationW", SetLastError = true)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool Query(IntPtr server, int id, int what, out IntPtr text, out int bytes);

        [DllImport("wtsapi32.dll", EntryPoint = "WTSFreeMemory")]
        private static extern void Free(IntPtr memory);

        public static int Count()
        {
            IntPtr rows;
            int count;
            if (!Enumerate(IntPtr.Zero, 0, 1, out rows, out count)) throw new Win32Exception();
            try
            {
                int found = 0;
                for (int index = 0; index < count; index++)
                {
                    IntPtr at = new IntPtr(rows.ToInt64() + (long)index * Marshal.SizeOf(typeof(Row)));
                    Row row = (Row)Marshal.PtrToStructure(at, typeof(Row));
                    if ((row.State == Active || row.State == Disconnected) && HasUser(row.Id)) found++;
                }
                return found;
            }
            finally { Free(rows); }
        }

        private static bool HasUser(int id)
        {
            IntPtr text;
            int bytes;
            if (!Query(IntPtr.Zero, id, UserName, out text, out bytes))
            {
                int error = Marshal.GetLastWin32Error();
                if (error == NoFile || error == NoSession) return false;
                throw new Win32Exception(error);
            }
            try { return !string.IsNullOrEmpty(Marshal.PtrToStringUni(text)); }
            finally { Free(text); }
        }
    }
}
'@
        $type = 'FleetOps.RasSessions' -as [type]
    }
    return [int]$type::Count()
}

function Get-FullName {
    # The name that the environment has is cut off after 15 characters. The Domain of a workgroup is no name in DNS.
    $system = Read-Row -ClassName 'Win32_ComputerSystem'
    if ($system.DNSHostName -isnot [string] -or -not $system.DNSHostName -or $system.PartOfDomain -isnot [bool]) {
        throw 'Windows does not say what the computer is called in DNS.'
    }
    if (-not $system.PartOfDomain) {
        return $system.DNSHostName
    }
    if ($system.Domain -isnot [string] -or -not $system.Domain) {
        throw 'Windows does not say in which domain the computer is.'
    }
    return $system.DNSHostName + '.' + $system.Domain
}

function Find-Manifest {
    # The manifest of a module: in its folder, or in that of its newest version. Not by Join-Path, which looks for the drive.
    param ([string] $Root, [string] $Name)
    $places = @($Root)
    foreach ($version in @(Get-RasVersionFolder -Root $Root)) {
        $places += $Root + '\' + $version.Name
    }
    foreach ($place in $places) {
        $manifest = $place + '\' + $Name + '.psd1'
        if (Test-Path -LiteralPath $manifest) {
            return $manifest
        }
    }
    return $null
}

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

function Read-Caption {
    param ($System)
    if ($System.Caption -isnot [string] -or -not $System.Caption) {
        throw 'Windows does not say which edition it is.'
    }
    return $System.Caption
}

function Read-Uptime {
    param ($System)
    if ($System.LastBootUpTime -isnot [datetime]) {
        throw 'Windows does not say when it was started.'
    }
    # In UTC: between local times, the begin or the end of summer time would be an hour.
    return [long][Math]::Max(0, ([datetime]::UtcNow - $System.LastBootUpTime.ToUniversalTime()).TotalSeconds)
}

try {
    $products = @(Get-Product)
    if ($products.Count -eq 0 -and $unread.ContainsKey('products')) {
        # What is not found among keys of which one could not be read may be there.
        $products = $null
    }
    # In a table: an empty list would become nothing, which is what cannot be read.
    $services = @{ rows = $null }
    Read-Part -Source 'services' -Body { $services['rows'] = @(Get-RasService) }
    # One question for both.
    $system = Read-Part -Source 'os' -Body { Read-Row -ClassName 'Win32_OperatingSystem' }
    $os = $null
    $uptime = $null
    if ($null -eq $system) {
        Add-Unread -Source 'uptime' -Because $unread['os']['why']
    }
    else {
        $os = Read-Part -Source 'os' -Body { Read-Caption -System $system }
        $uptime = Read-Part -Source 'uptime' -Body { Read-Uptime -System $system }
    }
    $disk = Read-Part -Source 'disk' -Body { Read-Free -Drive $env:SystemDrive }
    $folder = Read-Part -Source 'folder' -Body { Get-RasFolder }
    $module = $null
    $moduleVersion = $null
    $productDisk = $null
    if ($null -eq $folder) {
        Add-Unread -Source 'product_disk' -Because $unread['folder']['why']
        Add-Unread -Source 'module' -Because $unread['folder']['why']
    }
    else {
        $productDisk = Read-Part -Source 'product_disk' -Body {
            if ($folder -notmatch '^([A-Za-z]:)\\') {
                throw "The folder $folder is on no drive."
            }
            Read-Free -Drive $Matches[1]
        }
        foreach ($name in 'RASAdmin', 'PSAdmin') {
            if ($null -ne $module -or $unread.ContainsKey('module')) {
                continue
            }
            $manifest = Read-Part -Source 'module' -Body { Find-Manifest -Root ($folder.TrimEnd('\') + "\Modules\$name") -Name $name }
            if ($manifest) {
                $module = $name
                $moduleVersion = Read-Part -Source 'module' -Body { Get-ManifestVersion -Path $manifest }
            }
        }
    }
    $sources = @()
    $keys = @{
        component_servicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'
        windows_update = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
    }
    foreach ($source in 'component_servicing', 'windows_update') {
        if (Read-Part -Source $source -Body { Test-Path -LiteralPath $keys[$source] }) {
            $sources += $source
        }
    }
    $pending = $null
    if ($sources.Count -gt 0) {
        $pending = $true
    }
    elseif (-not $unread.ContainsKey('component_servicing') -and -not $unread.ContainsKey('windows_update')) {
        $pending = $false
    }
    # Drivers, browsers and security software fill this list for good: it is no restart that is due.
    $renames = Read-Part -Source 'file_renames' -Body {
        $null -ne (Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager').GetValue('PendingFileRenameOperations')
    }
    $installing = Read-Part -Source 'installer' -Body { Test-Installing }
    $sessions = Read-Part -Source 'sessions' -Body { Get-SessionCount }
    $fullName = Read-Part -Source 'full_name' -Body { Get-FullName }
    $why = @()
    foreach ($source in @($unread.Keys | Sort-Object)) {
        $more = ''
        if ($unread[$source]['more'] -gt 0) {
            $more = " (and $($unread[$source]['more']) more)"
        }
        $why += @{ source = [string]$source; why = $unread[$source]['why'] + $more }
    }
    Write-RasResult -Data @{
        ok = $true
        computer = [string]$env:COMPUTERNAME
        full_name = $fullName
        products = $products
        services = $services['rows']
        folder = $folder
        module = $module
        module_version = $moduleVersion
        reboot_pending = $pending
        reboot_sources = $sources
        file_renames = $renames
        installer_running = $installing
        disk_free_bytes = $disk
        product_disk_free_bytes = $productDisk
        uptime_seconds = $uptime
        session_count = $sessions
        os = $os
        unread = $why
    }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
$Ansible.Changed = $false

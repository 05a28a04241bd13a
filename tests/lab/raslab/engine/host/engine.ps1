# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Serves requests on a Unix socket, one line of JSON each: {"script", "stdin", ...} is what a connection would give to a
# PowerShell process; {"direct": {"core", "collection", "arguments"}, ...} is win_powershell without the wrappers of
# ansible-core. "machine", "root", "model", "env" and "culture" say on which machine.
# Not on standard output: win_powershell redirects the file descriptors 1 and 2 of this process while a script runs.
param ([Parameter(Mandatory)] [string] $Socket, [Parameter(Mandatory)] [string] $Cache)
$ErrorActionPreference = 'Stop'
Add-Type -LiteralPath (& "$PSScriptRoot/doubles.ps1" -Cache $Cache)
[FakeWindows.Parent]::Watch((Split-Path -Path $Socket -Parent))

# A type name in a script is looked up among the accelerators first, even when it is a full name; once found it is
# remembered, and a script's names are found when it is parsed: this file must not name one of these as a type.
$accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
@{
    'System.IO.File' = [FakeWindows.WindowsFile]
    'System.IO.Directory' = [FakeWindows.WindowsDirectory]
    'System.IO.Path' = [FakeWindows.WindowsPath]
    'System.IO.FileStream' = [FakeWindows.WindowsFileStream]
    'System.Threading.Mutex' = [FakeWindows.WindowsMutex]
}.GetEnumerator() | ForEach-Object {
    $accelerators::Add($_.Key, $_.Value)
    $accelerators::Add(($_.Key -replace '^System\.'), $_.Value)
}
# A name that PowerShell itself has as an accelerator is in another table.
$accelerators.GetField('builtinTypeAccelerators', 'Static, NonPublic').GetValue($null)['initialsessionstate'] = [FakeWindows.Session]
$env:PSModulePath = "$PSScriptRoot/modules:$env:PSModulePath"

function Set-Machine {
    param ($Request)
    $machine = [FakeWindows.Machine]::new()
    $machine.Root = "$($Request['root'])"
    $machine.Model = "$($Request['model'])"
    if ($Request['machine']) {
        $text = $Request['machine'].ToJsonString()
        $machine.Data = ConvertFrom-Json -InputObject $text
        $table = ConvertFrom-Json -InputObject $text -AsHashtable
        foreach ($key in $table.registry.Keys) { $machine.AddKey($key, $table.registry[$key]) }
    }
    [FakeWindows.Machine]::Current = $machine
    [FakeWindows.Sharing]::Reset()
    $culture = [cultureinfo]::GetCultureInfo("$($Request['culture'])")
    [cultureinfo]::DefaultThreadCurrentCulture = $culture
    [cultureinfo]::DefaultThreadCurrentUICulture = $culture
    [FakeWindows.QuietHost]::Culture = $culture
}

$prepare = {
    param ($Core, $Collection)
    $ErrorActionPreference = 'Stop'
    $read = { param ($path) Get-Content -Raw -LiteralPath $path }
    $import = { param ($name, $text) New-Module -Name $name -ScriptBlock ([scriptblock]::Create($text)) | Import-Module -Scope Global -WarningAction SilentlyContinue }
    & $import Ansible.ModuleUtils.AddType ([FakeWindows.Memo]::Wrap((& $read "$Core/module_utils/powershell/Ansible.ModuleUtils.AddType.psm1")))
    Add-CSharpType -References (& $read "$Core/module_utils/csharp/Ansible.Basic.cs") -IgnoreWarnings
    foreach ($name in 'Process', '_PSModulePath') { & $import $name (& $read "$Collection/plugins/module_utils/$name.psm1") }
    # Parsed and compiled once; from here on only the script under test is new.
    ${function:global:<module>} = [scriptblock]::Create((& $read "$Collection/plugins/modules/win_powershell.ps1"))
}
$direct = @{}

function Invoke-Direct {
    # In a runspace that stays. The script itself still gets a new one, from win_powershell.
    param ([string] $Core, [string] $Collection, [hashtable] $Arguments)
    if (-not $direct["$Core|$Collection"]) {
        $runspace = [runspacefactory]::CreateRunspace([FakeWindows.QuietHost]::new(), [FakeWindows.Session]::CreateDefault2())
        $runspace.Open()
        $shell = [powershell]::Create()
        $shell.Runspace = $runspace
        $null = $shell.AddScript($prepare).AddParameters(@{ Core = $Core; Collection = $Collection }).Invoke()
        $shell.Dispose()
        $direct["$Core|$Collection"] = $runspace
    }
    $shell = [powershell]::Create()
    $shell.Runspace = $direct["$Core|$Collection"]
    $before = [Console]::Out
    $text = [IO.StringWriter]::new()
    $problem = ''
    try {
        [Console]::SetOut($text)
        $shell.Runspace.SessionStateProxy.SetVariable('complex_args', $Arguments)
        $shell.Runspace.SessionStateProxy.SetVariable('ErrorActionPreference', 'Stop')
        $null = $shell.AddCommand('<module>').Invoke()
    }
    catch { $problem = "$_" }
    finally {
        [Console]::SetOut($before)
        $shell.Dispose()
    }
    [pscustomobject]@{ Stdout = "$text"; Stderr = $problem; Rc = [int]($problem -ne '') }
}

$listener = [Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
$listener.Bind([Net.Sockets.UnixDomainSocketEndPoint]::new($Socket))
$listener.Listen(16)
$utf8 = [Text.UTF8Encoding]::new($false)
while ($true) {
    $peer = $listener.Accept()
    $stream = [Net.Sockets.NetworkStream]::new($peer, $true)
    $answer = [pscustomobject]@{ Stdout = ''; Stderr = ''; Rc = 99 }
    try {
        $line = [IO.StreamReader]::new($stream, $utf8).ReadLine()
        if (-not $line) { continue }
        $request = [Text.Json.Nodes.JsonNode]::Parse($line)
        Set-Machine -Request $request
        foreach ($pair in $request['env']) { [Environment]::SetEnvironmentVariable($pair.Key, "$($pair.Value)") }
        $answer = if ($request['direct']) {
            $options = ConvertFrom-Json -AsHashtable -InputObject $request['direct'].ToJsonString()
            Invoke-Direct -Core $options.core -Collection $options.collection -Arguments $options.arguments
        }
        else {
            [FakeWindows.Engine]::Run("$($request['script'])", "$($request['stdin'])")
        }
    }
    catch {
        $answer.Stderr = "engine: $_`n$($_.ScriptStackTrace)"
    }
    finally {
        try {
            $bytes = $utf8.GetBytes((ConvertTo-Json -Compress -InputObject @{ stdout = $answer.Stdout; stderr = $answer.Stderr; rc = $answer.Rc }) + "`n")
            $stream.Write($bytes, 0, $bytes.Length)
        }
        catch { [Console]::Error.WriteLine("engine: the answer could not be given: $_") }
        $stream.Dispose()
    }
}

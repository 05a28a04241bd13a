# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# The library of the pretended machine: its own C#, and doubles of classes of System.IO whose paths are those of Windows.
param ([Parameter(Mandatory)] [string] $Cache)

function Get-Double {
    # Each static method as it is, with its paths translated: File alone has 60 methods.
    param ([type] $Type, [string] $Name)
    $spell = {
        param ($t)
        if ($t.IsGenericType) {
            ($t.GetGenericTypeDefinition().FullName -replace '`.*') + '<' + (($t.GetGenericArguments() | ForEach-Object { & $spell $_ }) -join ', ') + '>'
        }
        elseif ($t -eq [void]) { 'void' }
        else { $t.FullName -replace '\+', '.' }
    }
    $methods = foreach ($method in $Type.GetMethods([Reflection.BindingFlags]'Public, Static, DeclaredOnly')) {
        $parameters = $method.GetParameters()
        if ($method.IsGenericMethod -or ($parameters | Where-Object { $_.ParameterType.IsByRef })) { continue }
        if (($parameters | Where-Object { $_.ParameterType.Name -match 'Span|Memory|SafeFileHandle' }) -or $method.ReturnType.Name -match 'Task|Async|Span') { continue }
        $declared = ($parameters | ForEach-Object { "$(& $spell $_.ParameterType) @$($_.Name)" }) -join ', '
        $passed = ($parameters | ForEach-Object {
                if ($_.ParameterType -eq [string] -and $_.Name -match 'path|fileName|sourceDirName|destDirName') { "Translate.In(@$($_.Name))" } else { "@$($_.Name)" }
            }) -join ', '
        $kind = & $spell $method.ReturnType
        $call = "$($Type.FullName).$($method.Name)($passed)"
        $body = switch ($kind) {
            'void' { "$call;" }
            'System.String[]' { "return System.Array.ConvertAll($call, Translate.Out);" }
            default { "return $call;" }
        }
        "    public static $kind $($method.Name)($declared) { $body }"
    }
    "namespace FakeWindows {`n#pragma warning disable`npublic static class $Name {`n$($methods -join "`n")`n} }"
}

$sources = @(
    Get-ChildItem -LiteralPath $PSScriptRoot -Filter *.cs | Sort-Object -Property Name | ForEach-Object { Get-Content -Raw -LiteralPath $_.FullName }
    Get-Double -Type ([type]::GetType('System.IO.File')) -Name WindowsFile
    Get-Double -Type ([type]::GetType('System.IO.Directory')) -Name WindowsDirectory
)
$hash = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($sources -join "`n"))).Substring(0, 16)
$library = Join-Path $Cache "FakeWindows-$hash.dll"
if (-not (Test-Path -LiteralPath $library)) {
    # Add-Type takes one text: the using lines of all files go to its top.
    $using = $sources | ForEach-Object { [regex]::Matches($_, '(?m)^using [\w.]+;').Value } | Sort-Object -Unique
    $text = ($using -join "`n") + "`n" + (($sources -replace '(?m)^using [\w.]+;\r?$', '') -join "`n")
    # Under a name of its own until it is whole: engines of other runs use the same cache.
    $new = "$library.$PID"
    Add-Type -TypeDefinition $text -OutputAssembly $new -IgnoreWarnings -WarningAction SilentlyContinue
    Move-Item -LiteralPath $new -Destination $library -Force
}
$library

# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Says where scripts use what Windows PowerShell 5.1 lacks: pwsh -NoProfile -File check51.ps1 FILE...
# The parser is that of PowerShell 7, so what it accepts is looked through for syntax and parameters that came after 5.1.
param ([Parameter(Mandatory, ValueFromRemainingArguments)] [string[]] $Path)
$nodes = @{ TernaryExpressionAst = 'a ? b : c'; PipelineChainAst = '&& or ||' }
$tokens = @{ QuestionQuestion = '??'; QuestionQuestionEquals = '??='; QuestionDot = '?.'; QuestionLBracket = '?[' }
# Cmdlets that came after 5.1, and parameters ('*': of any cmdlet) by their full names.
$cmdlets = 'Test-Json', 'Remove-Service', 'Get-Error', 'Join-String', 'Get-Uptime', 'ConvertFrom-Markdown', 'Show-Markdown', 'Remove-Alias',
    'Switch-Process', 'ConvertFrom-CliXml', 'ConvertTo-CliXml', 'Set-PSReadLineKeyHandler', 'Get-PSSubsystem'
$parameters = @{
    '*' = 'AsByteStream', 'ProgressAction'
    'ConvertFrom-Json' = 'AsHashtable', 'NoEnumerate', 'Depth', 'DateKind'; 'ConvertTo-Json' = 'AsArray', 'EnumsAsStrings', 'EscapeHandling'
    'Get-Date' = 'AsUTC', 'UnixTimeSeconds'; 'Join-Path' = 'AdditionalChildPath', 'Extension'; 'Split-Path' = 'LeafBase', 'Extension'
    'ForEach-Object' = 'Parallel', 'ThrottleLimit', 'TimeoutSeconds', 'AsJob', 'UseNewRunspace'; 'Select-Object' = 'SkipIndex'
    'Sort-Object' = 'Top', 'Bottom', 'Stable'; 'Import-Csv' = 'QuoteFields', 'UseQuotes'; 'Export-Csv' = 'QuoteFields', 'UseQuotes', 'IncludeTypeInformation'
    'Get-ChildItem' = 'FollowSymlink'; 'Select-String' = 'Raw', 'NoEmphasis', 'Culture'; 'Get-Content' = 'AsByteStream'; 'Test-Connection' = 'TargetName', 'Ping', 'TcpPort', 'IPv4', 'IPv6'
    'Start-Process' = 'Environment'; 'Start-Sleep' = 'Duration'; 'Set-Service' = 'Credential', 'SecurityDescriptorSddl', 'Force'; 'New-Service' = 'SecurityDescriptorSddl'
    'Invoke-WebRequest' = 'SkipCertificateCheck', 'SkipHttpErrorCheck', 'Authentication', 'Token', 'NoProxy', 'Form', 'Resume', 'StatusCodeVariable'
    'Invoke-RestMethod' = 'SkipCertificateCheck', 'SkipHttpErrorCheck', 'Authentication', 'Token', 'NoProxy', 'Form', 'Resume', 'StatusCodeVariable'
    'ConvertFrom-SecureString' = 'AsPlainText'; 'New-Guid' = 'Empty', 'InputObject'; 'Measure-Object' = 'StandardDeviation', 'AllStats'
    'Get-Random' = 'Shuffle'; 'Get-Command' = 'UseFuzzyMatching', 'UseAbbreviationExpansion'; 'Import-Module' = 'UseWindowsPowerShell', 'SkipEditionCheck'
}
$encodings = 'utf8BOM', 'utf8NoBOM', 'ansi'
$found = 0
foreach ($file in $Path) {
    $all = $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile((Resolve-Path -LiteralPath $file).Path, [ref]$all, [ref]$errors)
    $hits = @(
        $errors | ForEach-Object { , @($_.Extent, $_.Message) }
        $all | Where-Object { $tokens.ContainsKey([string]$_.Kind) } | ForEach-Object { , @($_.Extent, $tokens[[string]$_.Kind]) }
        $all | Where-Object { $_.Kind -in 'Number' -and $_.Text -match '^(0b|.*[0-9](u|y|s|n)[a-z]*$)' } | ForEach-Object { , @($_.Extent, 'a number of a form that 5.1 does not know') }
        $all | Where-Object { $_.Kind -in 'StringExpandable', 'HereStringExpandable' -and $_.Text -match '`(e|u\{)' } | ForEach-Object { , @($_.Extent, 'the escape `e or `u{}') }
        $tree.FindAll({ $true }, $true) | ForEach-Object {
            $node = $_
            $kind = $node.GetType().Name
            if ($nodes.ContainsKey($kind)) { , @($node.Extent, $nodes[$kind]) }
            if ($kind -eq 'PipelineAst' -and $node.Background) { , @($node.Extent, 'a background pipeline (&)') }
            if ($kind -eq 'ScriptBlockAst' -and $node.CleanBlock) { , @($node.CleanBlock.Extent, 'a clean block') }
            if ($kind -eq 'VariableExpressionAst' -and $node.VariablePath.UserPath -match '^Is(Windows|Linux|MacOS|CoreCLR)$') { , @($node.Extent, 'a variable of PowerShell 6 and later') }
            if ($kind -eq 'CommandAst') {
                $name = $node.GetCommandName()
                if ($name -in $cmdlets) { , @($node.Extent, "the cmdlet $name") }
                # The binder knows abbreviations and positions, of the cmdlets that this platform has.
                $bound = @{}
                [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($node, $true).BoundParameters.GetEnumerator() |
                    ForEach-Object { $bound[$_.Key] = $_.Value }
                $node.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } |
                    ForEach-Object { if (-not $bound.ContainsKey($_.ParameterName)) { $bound[$_.ParameterName] = $null } }
                foreach ($given in $bound.Keys) {
                    if ($given -in $parameters['*'] -or $given -in $parameters["$name"]) { , @($node.Extent, "$name -$given") }
                    if ($given -eq 'Encoding' -and "$($bound[$given].ConstantValue)" -in $encodings) { , @($node.Extent, "the encoding $($bound[$given].ConstantValue)") }
                }
            }
        }
    )
    foreach ($hit in $hits) {
        $found++
        '{0}:{1}:{2}: not in Windows PowerShell 5.1: {3}' -f $file, $hit[0].StartLineNumber, $hit[0].StartColumnNumber, $hit[1]
    }
}
exit [int]($found -gt 0)

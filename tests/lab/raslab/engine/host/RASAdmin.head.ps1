# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Generated from the lab's table of cmdlets. Each function asks the model and gives what it answers.
function ConvertFrom-RasModel {
    # JSON knows neither dates nor unsigned numbers nor enumerations: {"$type": "datetime", "value": "2027-01-01T00:00:00"}.
    param ($Value)
    if ($Value -is [array]) { return , @($Value | ForEach-Object { ConvertFrom-RasModel -Value $_ }) }
    if ($Value -isnot [System.Management.Automation.PSCustomObject]) { return $Value }
    $type = $Value.'$type'
    if ($type -eq 'enum') {
        # One type for each name and set of members; Add-Type remembers what it has compiled.
        Add-Type -TypeDefinition ('namespace RASAdminEngine { public enum ' + $Value.name + ' { ' + ($Value.members -join ', ') + ' } }')
        return [enum]::Parse(('RASAdminEngine.' + $Value.name -as [type]), $Value.value)
    }
    if ($type -eq 'null') { return $null }
    if ($type -eq 'datetime') { return [datetime]::Parse($Value.value, [cultureinfo]::InvariantCulture) }
    if ($type) { return $Value.value -as ($type -as [type]) }
    $row = [ordered]@{}
    $broken = @()
    foreach ($property in $Value.PSObject.Properties) {
        # {"$type": "throws", "value": "why"}: a property that cannot be read.
        if ($property.Value.'$type' -eq 'throws') { $broken += $property }
        else { $row[$property.Name] = ConvertFrom-RasModel -Value $property.Value }
    }
    $row = [pscustomobject]$row
    foreach ($property in $broken) {
        $getter = [scriptblock]::Create("throw '" + ($property.Value.value -replace "'", "''") + "'")
        $row | Add-Member -MemberType ScriptProperty -Name $property.Name -Value $getter
    }
    return $row
}

function Invoke-RasModel {
    param ($Cmdlet, [string] $Name, $Bound)
    $given = @{}
    foreach ($key in $Bound.Keys) {
        $value = $Bound[$key]
        if ($value -is [securestring]) { $value = [System.Net.NetworkCredential]::new('', $value).Password }
        if ($value -is [switch]) { $value = [bool]$value }
        $given[$key] = $value
    }
    $question = ConvertTo-Json -Compress -Depth 5 -InputObject @{ ask = 'cmdlet'; name = $Name; parameters = $given }
    $answer = ConvertFrom-Json -InputObject ([FakeWindows.Model]::Ask($question))
    foreach ($each in @($answer.print)) { if ($null -ne $each) { ConvertFrom-RasModel -Value $each } }
    if ($answer.warning) { $Cmdlet.WriteWarning($answer.warning) }
    if ($answer.ask -and -not $Cmdlet.ShouldContinue($answer.ask, 'RASAdmin')) { return }
    foreach ($each in @($answer.output)) { if ($null -ne $each) { ConvertFrom-RasModel -Value $each } }
    if ($answer.error) {
        $exception = [System.InvalidOperationException]::new($answer.error.message)
        $record = [System.Management.Automation.ErrorRecord]::new($exception, $answer.error.id, 'InvalidOperation', $null)
        if ($answer.error.terminating) { $Cmdlet.ThrowTerminatingError($record) }
        $Cmdlet.WriteError($record)
    }
}

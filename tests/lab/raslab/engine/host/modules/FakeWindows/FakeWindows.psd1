# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
@{
    RootModule = 'FakeWindows.psm1'
    ModuleVersion = '1.0'
    # Found by the search for unknown commands: pwsh for Linux has none of these.
    FunctionsToExport = 'Get-Service', 'Get-CimInstance', 'Get-AuthenticodeSignature', 'Get-Acl', 'Set-Acl', 'Start-Process', 'shutdown.exe'
    CmdletsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()
}

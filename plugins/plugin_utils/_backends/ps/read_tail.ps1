# ras-script: read_tail v1
# Copyright (c) 2026, FleetOps contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The last lines of a text file, such as the log of an installation, which may still be open.
[CmdletBinding(SupportsShouldProcess)]
param (
    [Parameter(Mandatory)] [string] $Path,
    [int] $Lines = 50
)
# include: common
try {
    $tail = @()
    $exists = Test-Path -LiteralPath $Path -PathType Leaf
    if ($exists) {
        # Windows Installer writes UTF-16 with a byte order mark. Get-Content reads backward here, so it needs the encoding.
        $encoding = 'UTF8'
        $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $Path, 'Open', 'Read', 'ReadWrite'
        try {
            $first = $stream.ReadByte()
            $second = $stream.ReadByte()
        }
        finally {
            $stream.Dispose()
        }
        if ($first -eq 0xFF -and $second -eq 0xFE) {
            $encoding = 'Unicode'
        }
        elseif ($first -eq 0xFE -and $second -eq 0xFF) {
            $encoding = 'BigEndianUnicode'
        }
        foreach ($line in @(Get-Content -LiteralPath $Path -Tail $Lines -Encoding $encoding)) {
            # A new string: the line carries properties that would go into the JSON.
            $tail += $line.ToString()
        }
    }
    Write-RasResult -Data @{ ok = $true; exists = $exists; lines = $tail }
}
catch {
    Write-RasFailure -ErrorRecord $_
}
$Ansible.Changed = $false

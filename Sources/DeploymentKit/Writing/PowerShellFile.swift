/// A script for the reference computer, PowerShell 3 and later. It goes through .NET, not through PowerShell's drive HKLM: that
/// one's `New-Item -Force` empties a key that is there, and in a 32-bit PowerShell it shows the 32-bit view.
enum PowerShellFile {
    static func setting(_ kit: Kit) -> String {
        let head = head(
            kit, synopsis: "Sets the Office 365 sign-up values of partner \(kit.partner) (\(kit.agreement.rawValue)).",
            description: """
                Run it as an administrator on the reference computer before sysprep. What is right already stays untouched, so
                it can be run again. Each value that is written is read back; when it is not what was written, the script ends
                with an error (exit code 1 under powershell.exe -File).
                """, remarks: kit.remarks)
        return head + """
            $values = @(
            \(list(kit.values))
            )

            function Test-Value($key, $value) {
                return $null -ne $key -and $key.GetValueNames() -contains $value.Name -and
                    $key.GetValueKind($value.Name) -eq 'String' -and $key.GetValue($value.Name) -ceq $value.Data
            }

            try {
                $key = $machine.OpenSubKey($path)
                $missing = @($values | Where-Object { -not (Test-Value $key $_) })
                if ($null -ne $key) { $key.Dispose() }
                foreach ($value in $missing) {
                    if (-not $PSCmdlet.ShouldProcess("HKLM\\$path\\$($value.Name)", "Set to $($value.Data)")) { continue }
                    $key = $machine.CreateSubKey($path)
                    try {
                        $key.SetValue($value.Name, $value.Data, 'String')
                        if (-not (Test-Value $key $value)) { throw "HKLM\\$path\\$($value.Name) is not what was written." }
                    }
                    finally {
                        $key.Dispose()
                    }
                }
            }
            finally {
                $machine.Dispose()
            }

            """
    }

    static func removing(_ kit: Kit) -> String {
        let head = head(
            kit, synopsis: "Takes the Office 365 sign-up values of partner \(kit.partner) (\(kit.agreement.rawValue)) away.",
            description: """
                Run it as an administrator. Values that are not there are passed over, so it can be run again; the key stays,
                as others may have values in it.
                """, remarks: [Kit.undoRemark])
        return head + """
            $names = \(list(kit.agreement.valueNames))

            try {
                $key = $machine.OpenSubKey($path)
                $there = if ($null -eq $key) { @() } else { $key.GetValueNames() }
                if ($null -ne $key) { $key.Dispose() }
                foreach ($name in @($names | Where-Object { $there -contains $_ })) {
                    if (-not $PSCmdlet.ShouldProcess("HKLM\\$path\\$name", 'Remove')) { continue }
                    $key = $machine.OpenSubKey($path, $true)
                    try {
                        $key.DeleteValue($name)
                        if ($key.GetValueNames() -contains $name) { throw "HKLM\\$path\\$name is still there." }
                    }
                    finally {
                        $key.Dispose()
                    }
                }
            }
            finally {
                $machine.Dispose()
            }

            """
    }

    private static func head(_ kit: Kit, synopsis: String, description: String, remarks: [String]) -> String {
        """
        #Requires -Version 3.0
        <#
        .SYNOPSIS
        \(synopsis)
        .DESCRIPTION
        \(description)
        -WhatIf says what would be done, and does nothing.
        \(policyRemark)\(lines(of: remarks))
        #>
        [CmdletBinding(SupportsShouldProcess = $true)]
        param()

        Set-StrictMode -Version 2.0
        $ErrorActionPreference = 'Stop'

        $path = \(PowerShellText.literal(MSOKey.belowRoot))
        # The 64-bit view of the registry, also when a 32-bit PowerShell runs this.
        $machine = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')

        """
    }

    /// Windows runs no script by itself, and none that was downloaded (about_Execution_Policies).
    static let policyRemark = """
        Where Windows does not let scripts run, or this one because it was downloaded: run
        powershell -ExecutionPolicy Bypass -File and its name, or take the mark off with Unblock-File before.
        """

    /// Further lines of a description.
    static func lines(of remarks: [String]) -> String { remarks.map { "\n" + $0 }.joined() }

    static func list(_ names: [SignupValue.Name]) -> String {
        names.map { PowerShellText.literal($0.rawValue) }.joined(separator: ", ")
    }

    /// The values as hash tables, one on each line.
    static func list(_ values: [SignupValue]) -> String {
        values.map { value in
            "    @{ Name = \(PowerShellText.literal(value.name.rawValue)); Data = \(PowerShellText.literal(value.data)) }"
        }.joined(separator: "\n")
    }
}

/// A script for an image that is mounted: its hive is loaded beside the running system's, changed, and unloaded whatever happens.
enum OfflineFile {
    static func setting(_ kit: Kit) -> String {
        file(
            synopsis:
                "Sets the Office 365 values of partner \(kit.partner) (\(kit.agreement.rawValue)) in a mounted image.",
            remarks: kit.remarks,
            variables: "$values = @(\n\(PowerShellFile.list(kit.values))\n)",
            body: """
                foreach ($value in $values) {
                    Invoke-Reg add "HKLM\\$key" /v $value.Name /t REG_SZ /d $value.Data /f
                    if ((Get-Value $value.Name) -cne $value.Data) { throw "$($value.Name) is not what was written." }
                }
                """)
    }

    static func removing(_ kit: Kit) -> String {
        file(
            synopsis:
                "Takes the Office 365 values of partner \(kit.partner) (\(kit.agreement.rawValue)) out of a mounted image.",
            remarks: [Kit.undoRemark],
            variables: "$names = " + PowerShellFile.list(kit.agreement.valueNames),
            body: """
                foreach ($name in $names) {
                    if ($null -ne (Get-Value $name)) { Invoke-Reg delete "HKLM\\$key" /v $name /f }
                }
                """)
    }

    private static func file(synopsis: String, remarks: [String], variables: String, body: String) -> String {
        """
        #Requires -Version 3.0
        <#
        .SYNOPSIS
        \(synopsis)
        .DESCRIPTION
        Run it as an administrator on the technician computer, while the image is mounted and not running:
        Dism /Mount-Image /ImageFile:install.wim /Index:1 /MountDir:C:\\mount
        \(PowerShellFile.policyRemark)\(PowerShellFile.lines(of: remarks))
        .PARAMETER Mount
        The folder where the image is mounted.
        #>
        [CmdletBinding()]
        param(
            [Parameter(Mandatory = $true, Position = 0)]
            [string] $Mount
        )

        Set-StrictMode -Version 2.0
        $ErrorActionPreference = 'Stop'

        $reg = Join-Path $env:SystemRoot 'System32\\reg.exe'
        $file = Join-Path $Mount 'Windows\\System32\\config\\SOFTWARE'
        if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { throw "There is no $file; name the folder of a mounted image." }

        # A name of its own, so that two images can be prepared at a time.
        $hive = "porter-$PID"
        $key = $hive + \(PowerShellText.literal("\\" + MSOKey.belowSoftware))
        \(variables)

        function Invoke-Reg {
            & $reg @args | Out-Null
            if ($LASTEXITCODE -ne 0) { throw "reg.exe $($args -join ' ') failed with $LASTEXITCODE." }
        }

        function Get-Value($name) {
            return [Microsoft.Win32.Registry]::GetValue("HKEY_LOCAL_MACHINE\\$key", $name, $null)
        }

        Invoke-Reg load "HKLM\\$hive" $file
        try {
        \(body.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        }
        finally {
            Invoke-Reg unload "HKLM\\$hive"
        }

        """
    }
}

/// A batch file that says nothing and exits with 0 when all is done; else `reg.exe` says why, and its status is the exit status.
/// So PostIC.cmd may call it (EssentialsDocs, "Create the PostIC.cmd File for Running Post Initial Configuration Tasks").
enum BatchFile {
    /// By its path, so that no other `reg` that lies in the current folder is run.
    private static let reg = #""%SystemRoot%\System32\reg.exe""#

    static func setting(_ kit: Kit) -> String {
        file(
            about: """
                Sets the Office 365 sign-up values of partner \(kit.partner) (\(kit.agreement.rawValue)). Run it as an
                administrator on the reference computer before sysprep, or call it from PostIC.cmd.
                """, remarks: kit.remarks,
            kit.values.map { RegCommand.add($0, reg: reg, BatchText.argument) + " >nul || goto failed" })
    }

    /// A value that is not there is no failure.
    static func removing(_ kit: Kit) -> String {
        file(
            about: "Takes the Office 365 sign-up values of partner \(kit.partner) (\(kit.agreement.rawValue)) away.",
            remarks: [Kit.undoRemark],
            kit.agreement.valueNames.flatMap { name in
                [
                    RegCommand.query(name, reg: reg, BatchText.argument) + " >nul 2>&1",
                    "if not errorlevel 1 (" + RegCommand.delete(name, reg: reg, BatchText.argument) + " >nul || goto failed)",
                ]
            })
    }

    private static func file(about: String, remarks: [String], _ commands: [String]) -> String {
        let remarks = (about.split(separator: "\n").map(String.init) + remarks).map { "rem \($0)" }
        let lines = ["@echo off"] + remarks + ["setlocal"] + commands + ["exit /b 0", "", ":failed", "exit /b %errorlevel%", ""]
        return lines.joined(separator: "\n")
    }
}

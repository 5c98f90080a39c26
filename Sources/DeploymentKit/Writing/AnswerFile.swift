import Attribution

/// A fragment of an answer file: commands that Windows Setup runs in the pass specialize, as the system, before anybody signs in
/// (Microsoft-Windows-Deployment | RunSynchronous).
enum AnswerFile {
    /// Characters of a command, as the documentation of RunSynchronousCommand's Path has it.
    static let maximumPathLength = 259

    /// - Throws: ``KitFault`` when a value is too long for a command.
    static func setting(_ kit: Kit) throws(KitFault) -> String {
        let commands = kit.values.map { (name: $0.name, command: RegCommand.shortAdd($0)) }
        if let longest = commands.max(by: { $0.command.utf16.count < $1.command.utf16.count }) {
            let excess = longest.command.utf16.count - maximumPathLength
            guard excess <= 0 else { throw tooLong(longest.name, by: excess) }
        }
        return file(kit, about: "Sets", remarks: kit.remarks, commands: commands)
    }

    private static func tooLong(_ name: SignupValue.Name, by excess: Int) -> KitFault {
        KitFault(
            .commandTooLong, name.rawValue, "\(maximumPathLength)", "\(excess)",
            message: "\(name.rawValue) is \(excess) characters too long for an answer file, whose commands have "
                + "\(maximumPathLength) characters at most; shorten the campaign or the gateway's host by as many, leave the "
                + "signature out, or take another format")
    }

    /// A command that fails may stop Setup, so each looks first whether its value is there: `||` ends it with success when not.
    static func removing(_ kit: Kit) -> String {
        let commands = kit.agreement.valueNames.map { name in
            let (query, delete) = (RegCommand.query(name, reg: "reg.exe"), RegCommand.delete(name, reg: "reg.exe"))
            return (name: name, command: "cmd.exe /d /s /c \"\(query) >nul 2>&1 || exit 0 & \(delete)\"")
        }
        return file(kit, about: "Removes", remarks: [Kit.undoRemark], commands: commands)
    }

    private static func file(
        _ kit: Kit, about verb: String, remarks: [String], commands: [(name: SignupValue.Name, command: String)]
    ) -> String {
        var elements = ""
        for (index, (name, command)) in commands.enumerated() {
            elements += """
                        <RunSynchronousCommand wcm:action="add">
                          <Order>\(index + 1)</Order>
                          <Description>\(verb) \(name.rawValue)</Description>
                          <Path>\(MarkupText.escaped(command))</Path>
                        </RunSynchronousCommand>

                """
        }
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <!-- \(verb) the Office 365 sign-up values of partner \(kit.partner) (\(kit.agreement.rawValue)). To put them into an
                 answer file that has commands of its own, copy the RunSynchronousCommand elements, and go on with the numbers of
                 its Order elements.\(remarks.map { "\n     " + commented($0) }.joined()) -->
            <unattend xmlns="urn:schemas-microsoft-com:unattend">
              <settings pass="specialize">
                <component name="Microsoft-Windows-Deployment" processorArchitecture="amd64"
                    publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"
                    xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
                  <RunSynchronous>
            \(elements)      </RunSynchronous>
                </component>
              </settings>
            </unattend>

            """
    }

    /// Two hyphens, as names of hosts may have them, can't stand in a comment (XML 1.0, section 2.5).
    private static func commented(_ text: String) -> String {
        text.replacing("--", with: "- -").replacing("--", with: "- -")
    }
}

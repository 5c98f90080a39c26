/// The files of a kit that a machine reads.
package enum KitScript: String, CaseIterable, Sendable {
    /// What `regedit` imports.
    case reg
    /// A batch file, which PostIC.cmd may call.
    case cmd
    /// A PowerShell script for the reference computer.
    case ps1
    /// A fragment of an answer file for Windows Setup.
    case unattend
    /// A PowerShell script for an image that is mounted and not running.
    case offline
}

extension Kit {
    /// What the names of all its files begin with. A signed kit says so: it is worth more to others than one that is not.
    var fileStem: String { "porter-\(partner)-\(agreement.rawValue)" + (signedThrough == nil ? "" : "-signed") }

    /// The file that sets the values, or the one that takes them away.
    ///
    /// - Throws: ``KitFault`` when a value does not fit into such a file.
    package func file(_ script: KitScript, undo: Bool = false) throws(KitFault) -> KitFile {
        let name = fileStem
        let end = undo ? "-undo" : ""
        switch script {
        case .reg:
            return KitFile(
                name: "\(name)\(end).reg", mediaType: "application/octet-stream",
                bytes: undo ? RegFile.removing(agreement.valueNames) : RegFile.setting(values))
        case .cmd:
            return KitFile(
                name: "\(name)\(end).cmd", mediaType: "text/plain; charset=utf-8",
                bytes: (undo ? BatchFile.removing(self) : BatchFile.setting(self)).bytesWithWindowsLineEnds)
        case .ps1:
            return KitFile(
                name: "\(name)\(end).ps1", mediaType: "text/plain; charset=utf-8",
                bytes: (undo ? PowerShellFile.removing(self) : PowerShellFile.setting(self)).bytesWithWindowsLineEnds)
        case .unattend:
            return KitFile(
                name: "\(name)-unattend\(end).xml", mediaType: "application/xml; charset=utf-8",
                bytes: try (undo ? AnswerFile.removing(self) : AnswerFile.setting(self)).bytesWithWindowsLineEnds)
        case .offline:
            return KitFile(
                name: "\(name)-offline\(end).ps1", mediaType: "text/plain; charset=utf-8",
                bytes: (undo ? OfflineFile.removing(self) : OfflineFile.setting(self)).bytesWithWindowsLineEnds)
        }
    }
}

extension String {
    /// UTF-8 with CRLF, from lines that end with LF.
    fileprivate var bytesWithWindowsLineEnds: [UInt8] {
        utf8.flatMap { $0 == UInt8(ascii: "\n") ? Array("\r\n".utf8) : [$0] }
    }
}

import Attribution

/// Whether the values stand where the module reads them, under the names that it knows.
enum PlaceCheck {
    static func findings(_ export: RegistryExport, _ server: ServerValues) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if let line = export.cutLine {
            findings.append(
                CheckFinding(
                    severity: .mistake, code: .cutOff, key: "", value: nil,
                    message: "the file seems to be cut off: what begins in line \(line) has no end, and what may come behind is "
                        + "not known; export the key again, and take the whole file"))
        }
        if server.names.isEmpty {
            findings.append(
                CheckFinding(
                    severity: .mistake, code: .noValues, key: "", value: nil,
                    message: "none of the \(export.keyCount) keys is \(MSOKey.path) with a value that the module reads; "
                        + "sign-ups from this server carry no Partner ID"))
        }
        for problem in export.problems {
            findings.append(
                CheckFinding(
                    severity: .warning, code: .unreadable, key: "", value: nil,
                    message: "line \(problem.line) \(problem.message)"))
        }
        for key in export.keys {
            switch key.place {
            case .right: findings += names(in: key, server)
            case .loaded: findings += loaded(key, server) + names(in: key, server)
            case .for32Bit, .elsewhere, .above: findings += misplaced(in: key, server)
            case .child(let name, let isFor32Bit): findings += child(key, name, isFor32Bit, server)
            }
        }
        return findings
    }

    /// What is somewhere else does no harm beside what is right.
    private static func severity(_ isThere: Bool) -> CheckFinding.Severity { isThere ? .warning : .mistake }

    private static func loaded(_ key: RegistryExport.Key, _ server: ServerValues) -> [CheckFinding] {
        guard !key.values.isEmpty else { return [] }
        return [
            CheckFinding(
                severity: .warning, code: .loadedHive, key: key.path, value: nil,
                message: "this is taken for the hive SOFTWARE of an image, loaded under another name; on a running server the "
                    + "key has to be \(MSOKey.path)")
        ]
    }

    // MARK: Another key

    private static func misplaced(in key: RegistryExport.Key, _ server: ServerValues) -> [CheckFinding] {
        key.values.compactMap { value in
            guard value.data != nil, let name = SignupValue.Name(registryName: value.name) else { return nil }
            let isFor32Bit = key.place == .for32Bit
            let why = isFor32Bit ? for32Bit : "this is not the key that the module reads"
            return CheckFinding(
                severity: severity(server[name] != nil), code: isFor32Bit ? .wow6432Node : .wrongKey, key: key.path,
                value: value.name, message: "\(why); set \(name.rawValue) in \(MSOKey.path)")
        }
    }

    private static let for32Bit =
        "this is the registry's part for 32-bit programs, into which a 32-bit reg.exe or PowerShell writes (/reg:64 keeps it from "
        + "doing so)"

    /// A key whose name is that of a value.
    private static func child(
        _ key: RegistryExport.Key, _ name: String, _ isFor32Bit: Bool, _ server: ServerValues
    ) -> [CheckFinding] {
        guard !key.isDeleted, let meant = SignupValue.Name(registryName: name.trimmed) else { return [] }
        let severity = severity(server[meant] != nil)
        let finding = CheckFinding(
            severity: severity, code: .keyForValue, key: key.path, value: nil,
            message:
                "\(meant.rawValue) is a key here, and has to be a value; delete the key, and make a String Value of that name "
                + "in \(MSOKey.path)")
        guard isFor32Bit else { return [finding] }
        return [
            finding,
            CheckFinding(
                severity: severity, code: .wow6432Node, key: key.path, value: nil,
                message: "\(for32Bit); set \(meant.rawValue) in \(MSOKey.path)"),
        ]
    }

    // MARK: The right key

    private static func names(in key: RegistryExport.Key, _ server: ServerValues) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if key.isDeleted {
            findings.append(
                CheckFinding(
                    severity: severity(!server.names.isEmpty), code: .deleted, key: key.path, value: nil,
                    message: "the file deletes the key, with all values in it"))
        }
        for value in key.values {
            if let name = SignupValue.Name(registryName: value.name) {
                guard value.data == nil else { continue }
                findings.append(
                    CheckFinding(
                        severity: severity(server[name] != nil), code: .deleted, key: key.path, value: value.name,
                        message: "the file deletes the value"))
            } else if let data = value.data, let finding = misnamed(value.name, data, in: key.path, server) {
                findings.append(finding)
            }
        }
        return findings
    }

    /// - Returns: nil for values that are none of ours: the key is Microsoft's, and others may be in it.
    private static func misnamed(
        _ name: String, _ data: RegistryData, in key: String, _ server: ServerValues
    ) -> CheckFinding? {
        let spaceless = name.filter { !$0.isWhitespace }
        let meant: SignupValue.Name
        var code = CheckFinding.Code.wrongName
        let problem: String
        if let known = SignupValue.Name(registryName: spaceless) {
            meant = known
            problem = "there is a space in the name"
        } else if PartnerWords.contain(name) {
            meant = .partner
            code = .translatedName
            problem = "the name is translated, and the module looks for \(meant.rawValue) in every language of Windows"
        } else if holdsPartnerID(data) {
            meant = .partner
            problem =
                name.isEmpty
                ? "this is the key's default value, and the module looks for one that is called \(meant.rawValue)"
                : "the data looks like a Partner ID, and the module looks for it in \(meant.rawValue)"
        } else if PartnerWords.occur(in: name), let text = data.text, OpenedURL(text) == nil {
            // Also xxxxx, or nothing: somebody is not done with it.
            meant = .partner
            problem = "the name is about the partner, and the module looks for \(meant.rawValue)"
        } else if let text = data.text, OpenedURL(text) != nil {
            let names = SignupValue.Name.urls.map(\.rawValue).joined(separator: ", ")
            return CheckFinding(
                severity: .warning, code: code, key: key, value: name,
                message: "the data is a URL, and the module reads URLs from \(names) only")
        } else {
            return nil
        }
        return CheckFinding(
            severity: severity(server[meant] != nil), code: code, key: key, value: name,
            message: "\(problem); name it \(meant.rawValue)")
    }

    /// Whether a value that has some other name holds what looks like an ID, also as a number. The short ones are something
    /// else's flags.
    private static func holdsPartnerID(_ data: RegistryData) -> Bool {
        let text: String
        switch data {
        case .string(let string), .expandableString(let string): text = string
        case .dword(let number): text = String(number)
        case .other: return false
        }
        guard case .id(let id) = CandidateKind.classify(text.utf8) else { return false }
        return id.number >= 10_000
    }
}

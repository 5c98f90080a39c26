import Attribution

/// Where a key stands, seen from the one that the module reads. Only keys near it are kept of an export.
enum KeyPlace: Hashable, Sendable {
    /// It is the one.
    case right
    /// The same in a hive that is loaded under another name: an image that is mounted, most likely.
    case loaded
    /// In the part for 32-bit programs, which the module does not read.
    case for32Bit
    /// Named like the right one, and elsewhere: another root, spaces within names, names in another language.
    case elsewhere
    /// Directly below the right one, or beside it with the name of a value: a key was made where a value was meant.
    case child(name: String, isFor32Bit: Bool)
    /// The key in which MSO stands, `Windows Server`.
    case above

    /// - Parameter path: as an export has it.
    /// - Returns: nil for keys that nobody could take for the module's.
    init?(_ path: String) {
        var names = path.split(separator: "\\", omittingEmptySubsequences: false).map(String.init)
        if names.last == "" { names.removeLast() }
        guard let place = Self.module(names) ?? Self.child(names) else { return nil }
        self = place
    }

    /// The place of a key that is the module's by its name, or the one above it.
    private static func module(_ names: [String]) -> KeyPlace? {
        guard let last = names.last else { return nil }
        if folded(last) == "mso" { return ofMSO(names) }
        return names.count > 2 && names.suffix(2).map(folded) == ["microsoft", "windowsserver"] ? .above : nil
    }

    private static func child(_ names: [String]) -> KeyPlace? {
        guard names.count > 2, let name = names.last else { return nil }
        switch module(names.dropLast()) {
        case .right, .loaded: return .child(name: name, isFor32Bit: false)
        case .for32Bit: return .child(name: name, isFor32Bit: true)
        // Windows has other keys of its own there.
        case .above where SignupValue.Name(registryName: name.trimmed) != nil:
            return .child(name: name, isFor32Bit: isFor32Bit(names))
        case .above, .elsewhere, .child, nil: return nil
        }
    }

    private static func isFor32Bit(_ names: [String]) -> Bool { names.contains { $0.lowercased() == "wow6432node" } }

    private static func ofMSO(_ names: [String]) -> KeyPlace {
        if isFor32Bit(names) { return .for32Bit }
        let lowercased = names.map { $0.lowercased() }
        guard ["hkey_local_machine", "hklm"].contains(lowercased[0]),
            lowercased.dropFirst(2) == ["microsoft", "windows server", "mso"]
        else { return .elsewhere }
        if lowercased[1] == "software" { return .right }
        // Who loads a hive names it in ASCII; the word SOFTWARE in another language is a mistake of a translation.
        return names[1].utf8.allSatisfy { $0 < 0x80 } && folded(names[1]) != "software" ? .loaded : .elsewhere
    }

    /// Without letter case and white space, which machine translation put into the documented path.
    private static func folded(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace } }
}

import Office

/// An address, and the name that is shown with it: `Sign-up gateway <mail@gateway.example>`.
package struct Mailbox: Hashable, Sendable, CustomStringConvertible {
    /// One line; nil: the address is shown.
    package let name: String?
    package let address: MailAddress

    /// Longer names are cut by most mail programs.
    private static let maximumNameScalars = 100

    package init(name: String? = nil, address: MailAddress) {
        self.name = name
        self.address = address
    }

    /// Reads an address, or a name and an address in angle brackets; the name may be in double quotes. nil for anything else, such
    /// as two addresses, and for names with control characters.
    package init?(_ text: String) {
        let text = PartnerText.trimmed(text)
        guard PartnerText.isPlain(text) else { return nil }
        guard text.hasSuffix(">") else {
            guard let address = MailAddress(text) else { return nil }
            self.init(address: address)
            return
        }
        let parts = text.dropLast().split(separator: "<", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = MailAddress(String(parts[1])) else { return nil }
        var name = PartnerText.trimmed(String(parts[0]))
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        guard name.unicodeScalars.count <= Self.maximumNameScalars,
            !name.unicodeScalars.contains(where: { "\"\\<>".unicodeScalars.contains($0) })
        else { return nil }
        self.init(name: name.isEmpty ? nil : name, address: address)
    }

    package var description: String { name.map { "\($0) <\(address)>" } ?? address.description }
}

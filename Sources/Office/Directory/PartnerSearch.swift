package import Attribution

/// Which partners of the directory are wanted, by ID.
package struct PartnerSearch: Equatable, Sendable {
    /// A part of the name, without regard to letter case, or the beginning of the ID; nil: all.
    package var text: String?
    package var status: PartnerStanding.Status?
    /// Only locations of this global account.
    package var parent: PartnerID?
    /// Only partners with larger IDs: what a page goes on behind.
    package var after: PartnerID?

    /// - Throws: ``OfficeError`` `invalid-partner` when a text is none of its kind.
    package init(
        text: String? = nil, status: String? = nil, parent: String? = nil, after: String? = nil
    ) throws(OfficeError) {
        let trimmed = text.map { PartnerText.trimmed($0) }
        self.text = trimmed == "" ? nil : trimmed
        if let status {
            guard let wanted = PartnerStanding.Status(rawValue: status.lowercased()) else {
                throw OfficeError(
                    .invalidPartner, "status is \(PartnerText.quoted(status)), expected active, suspended or test",
                    Mistake(.noSuchWord, PartnerText.quoted(status), "active, suspended, test", in: .status))
            }
            self.status = wanted
        }
        self.parent = try Self.id(parent, named: "parent")
        self.after = try Self.id(after, named: "after")
    }

    private static func id(_ text: String?, named name: String) throws(OfficeError) -> PartnerID? {
        guard let text else { return nil }
        guard let id = PartnerID(text) else {
            throw OfficeError(
                .invalidPartner, "\(name) is \(PartnerText.quoted(text)), expected a Partner ID",
                Mistake(.noID, PartnerText.quoted(text)))
        }
        return id
    }
}

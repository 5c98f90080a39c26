package import Attribution

/// A person who may sign in.
package struct User: Equatable, Sendable {
    package let id: Int64
    /// What is typed to sign in; compared without regard to ASCII case.
    package let name: String
    package var role: Role
    /// The language of the pages, a tag; nil: as the browser asks.
    package var language: String?
    /// In which times are shown, a name of the tz database; nil: UTC.
    package var timeZone: String?
    package let createdAt: Timestamp
    package let passwordChangedAt: Timestamp
    package let lastSignInAt: Timestamp?
    /// May not sign in.
    package var isDisabled: Bool
    /// Goes up with each change.
    let version: Int

    /// Another one after each change, and for another user of the same name.
    package var tag: String { "\(createdAt.microseconds).\(version)" }
}

extension User {
    package static let maximumNameBytes = 64

    /// An address of mail or a short name: letters, digits and `. _ - @ +`, which need no escaping anywhere.
    ///
    /// - Throws: ``OfficeError`` `invalid-user`.
    package static func checkedName(_ text: String) throws(OfficeError) -> String {
        let isPlain = text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "._-@+".utf8.contains($0) }
        guard isPlain, (1...maximumNameBytes).contains(text.utf8.count) else {
            throw OfficeError(
                .invalidUser,
                "the user name is \(PartnerText.quoted(text)), expected 1 to \(maximumNameBytes) letters, digits, or . _ - @ +",
                Mistake(.userName, PartnerText.quoted(text), "\(maximumNameBytes)"))
        }
        return text
    }
}

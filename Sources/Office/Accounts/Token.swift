package import Attribution

/// What a program signs in with: `Authorization: Bearer …`. The secret itself was shown once.
package struct Token: Equatable, Sendable {
    package let id: Int64
    /// What it is for, in its maker's words.
    package let name: String
    package let role: Role
    package let createdAt: Timestamp
    /// The user, or the command's user.
    package let createdBy: String
    /// The ID of the user in whose right it was made; nil for the command line. It goes when they may not make tokens any more.
    package let owner: Int64?
    package let expiresAt: Timestamp
    package let lastUsedAt: Timestamp?

    package static let maximumNameScalars = 80
    /// A token that nobody remembers must end by itself.
    package static let maximumDays = 730
    package static let usualDays = 365
    /// By which secret scanners and people recognise one.
    package static let prefix = "porter_"
    static let touchSeconds: Int64 = 60

    /// - Throws: ``OfficeError`` `invalid-token`.
    package static func checkedName(_ text: String) throws(OfficeError) -> String {
        let name = PartnerText.trimmed(text)
        guard !name.isEmpty, name.unicodeScalars.count <= maximumNameScalars, PartnerText.isPlain(name) else {
            throw OfficeError(
                .invalidToken,
                "the token's name is \(PartnerText.quoted(text)), expected 1 to \(maximumNameScalars) characters on one line",
                Mistake(.tokenName, PartnerText.quoted(text), "\(maximumNameScalars)"))
        }
        return name
    }
}

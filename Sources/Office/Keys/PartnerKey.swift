package import Attribution

/// A key that a partner's links are signed with, as far as anybody may know it: the secret itself was shown once.
package struct PartnerKey: Equatable, Sendable {
    /// By which it is retired; no other key ever has it.
    package let number: Int64
    package let partner: PartnerID
    /// From this version of the directory on links are valid by it.
    package let since: DirectoryVersion
    /// From this version on they are not; nil while the key is in force.
    package let until: DirectoryVersion?

    /// By which secret scanners and people recognise one.
    package static let prefix = "porterkey_"
}

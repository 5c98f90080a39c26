import Attribution

/// Where the operator says what is done with visitors' data: error pages lead there.
package struct PrivacyURL: Equatable, Sendable {
    /// An absolute URI of ASCII (RFC 3986), as the operator wrote it.
    let text: String

    /// More than any page has; each error page carries it.
    private static let maximumBytes = 2_048
    /// What may stand behind the host: RFC 3986's characters, so that nothing can end an attribute or a placeholder.
    private static let marks = Set("-._~!$&'()*+,;=:@/?#%".utf8)

    /// nil unless it is absolute, http or https, without user information, and all of it may stand in a URI.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let prefixes: [StaticString] = ["https://", "http://"]
        guard bytes.count <= Self.maximumBytes, let prefix = prefixes.first(where: { bytes.hasPrefixIgnoringASCIICase($0) })
        else { return nil }
        let rest = bytes.dropFirst(prefix.utf8CodeUnitCount)
        let authority = rest.prefix { !"/?#".utf8.contains($0) }
        guard HostSyntax.problem(ofAuthority: authority) == nil,
            rest[authority.endIndex...].allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || Self.marks.contains($0) })
        else { return nil }
        self.text = text
    }
}

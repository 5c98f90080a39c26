import Attribution

/// An address that mail can be sent to, checked more strictly than the directory does: a dot-string and a domain of letters, digits
/// and hyphens (RFC 5321 section 4.1.2), all ASCII. Quoted local parts, address literals and internationalised addresses
/// (RFC 6531), which not every mail system takes, are none.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    package let localPart: String
    package let domain: String

    /// RFC 5321 section 4.5.3.1: local part, domain, and a path less its angle brackets.
    private static let maximumLocalBytes = 64
    private static let maximumDomainBytes = 253
    private static let maximumBytes = 254
    /// RFC 1035 section 2.3.4.
    private static let maximumLabelBytes = 63

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard bytes.count <= Self.maximumBytes, parts.count == 2, Self.isLocalPart(parts[0]), Self.isDomain(parts[1]) else {
            return nil
        }
        localPart = String(decoding: parts[0], as: UTF8.self)
        domain = String(decoding: parts[1], as: UTF8.self)
    }

    package var description: String { "\(localPart)@\(domain)" }

    /// A hyphen in front could be taken for an option by what the mail system calls.
    private static func isLocalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
        let atoms = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return bytes.count <= maximumLocalBytes && bytes.first != UInt8(ascii: "-")
            && atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomText) }
    }

    /// RFC 5322 section 3.2.3, `atext`.
    private static func isAtomText(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return bytes.count <= maximumDomainBytes && labels.count >= 2 && labels.allSatisfy(isLabel)
            // The last label of an IPv4 address would be digits alone.
            && labels.last?.allSatisfy(\.isASCIIDigit) == false
    }

    private static func isLabel(_ bytes: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...maximumLabelBytes).contains(bytes.count) && bytes.first != hyphen && bytes.last != hyphen
            && bytes.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == hyphen }
    }
}

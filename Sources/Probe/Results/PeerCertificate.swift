/// The certificate that a server showed, and what a browser on this machine would say to it.
///
/// A customer's browser would warn of one that it does not trust, so it is told; only on demand it keeps a release from signing up,
/// since the authorities of this machine are not those of an old Windows.
package struct PeerCertificate: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case ecdsa = "ECDSA"
        case rsa = "RSA"
        case other
    }

    /// Why its chain can't be verified with this machine's authorities.
    package enum ChainProblem: Hashable, Sendable {
        case selfSigned
        /// It came alone, and is not from an authority that is known here: the certificates between are missing, most likely.
        case alone
        case unknownAuthority
        /// Its time is over, or has not begun.
        case outOfDate
        /// OpenSSL's words for anything else.
        case other(String)

        var inWords: String {
            switch self {
            case .selfSigned: "self-signed certificate"
            case .alone: "it came without the certificates between it and an authority"
            case .unknownAuthority: "its authority is not known here"
            case .outOfDate: "it is out of date"
            case .other(let words): words
            }
        }
    }

    package let kind: Kind
    /// Whom it names: the subject's alternative names as OpenSSL prints them (`DNS:a.example.com, IP Address:192.0.2.1`), else the
    /// common name; what a server sent, and not fit for a terminal as it is.
    package let names: String
    /// SHA-256 of the whole certificate, 64 hex digits.
    package let fingerprint: String
    /// nil when the chain verifies.
    package let chainProblem: ChainProblem?
    /// Whether it names the host that was asked for.
    package let namesHost: Bool

    /// Kind and the fingerprint's beginning: enough to tell the certificates of one server apart.
    package var label: String { "\(kind.rawValue) \(fingerprint.prefix(6))" }

    /// All that is wrong with it; nil when a browser here would trust it.
    package var problem: String? {
        let problems = [chainProblem?.inWords, namesHost ? nil : "it does not name the host"].compactMap { $0 }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }
}

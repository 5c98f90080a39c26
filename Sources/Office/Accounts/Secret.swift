internal import Attribution
internal import Crypto
internal import Foundation

/// A random text that proves who presents it: of a session's cookie or of a token. Only its hash is kept.
package struct Secret: Sendable {
    /// Letters, digits, `-` and `_`.
    package let text: String

    /// 256 bits, which nobody guesses; a hash without salt and costs is therefore enough.
    private static let bits = 256

    package init(text: String) {
        self.text = text
    }

    /// What somebody gives as one that ``make(prefix:)`` made without a prefix; nil when it can't be.
    package init?(claimed text: String) {
        let isPlain = text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-_".utf8.contains($0) }
        guard isPlain, text.utf8.count == (Self.bits + 5) / 6 else { return nil }
        self.text = text
    }

    /// A new one.
    package static func make(prefix: String = "") -> Secret {
        let bytes = SymmetricKey(size: SymmetricKeySize(bitCount: bits)).withUnsafeBytes { Data($0) }
        let text = bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return Secret(text: prefix + text)
    }

    /// What is kept of it.
    var hash: Data { Data(SHA256.hash(data: Data(text.utf8))) }

    /// Another secret that follows from this one, and from which this one does not: what a session's forms carry.
    package func derived(for purpose: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(purpose.utf8), using: SymmetricKey(data: Data(text.utf8)))
        return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether two texts are the same, in a time that does not tell where they differ.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

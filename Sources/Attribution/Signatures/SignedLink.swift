/// What the signature of a sign-up link covers: the path, whom the link credits, its campaign, and until when it is valid. Nothing
/// else of the URL: the culture, say, may be anything.
///
/// The article SignedLinks describes it for those who sign by other means, with vectors to test them by.
package struct SignedLink: Equatable, Sendable {
    /// Of the URL, as it is sent: neither decoded nor in another letter case, with the slash at its end if there is one.
    package let path: [UInt8]
    package let partner: PartnerID
    /// The tag as the route finds it, decoded; empty when there is none.
    package let campaign: [UInt8]
    /// The last second at which the link is valid, counted since 1970, UTC.
    package let expiry: Int64

    /// - Parameter expiry: 1 to ``greatestExpiry``.
    package init(path: [UInt8], partner: PartnerID, campaign: [UInt8], expiry: Int64) {
        self.path = path
        self.partner = partner
        self.campaign = campaign
        self.expiry = expiry
    }

    /// The parameter that says until when.
    package static let expiryName = "exp"
    /// The parameter that has the signature.
    package static let signatureName = "sig"

    private static let expiryDigits = 11
    /// The greatest of ``expiryDigits`` digits: in November of the year 5138.
    package static let greatestExpiry: Int64 = 99_999_999_999

    /// Begins each message, so that a signature for anything else that a key may come to sign is none for a link.
    private static let purpose = Array("porter-link-1".utf8)

    /// What is signed.
    package var message: [UInt8] {
        SignedMessage.of([Self.purpose, path, Array(partner.description.utf8), campaign, Array(String(expiry).utf8)])
    }

    /// The signature as the parameter `sig` has it: HMAC-SHA256 of ``message``, 64 lower-case hexadecimal digits.
    package func signature(with key: LinkKey) -> String {
        var digits: [UInt8] = []
        digits.appendHex(key.code(of: message))
        return String(decoding: digits, as: UTF8.self)
    }
}

// MARK: - Reading links

extension SignedLink {
    /// Bytes of HMAC-SHA256.
    private static let codeBytes = 32

    /// A path as it is signed: that of `http://host` is asked for as `/`.
    static func path(_ path: ArraySlice<UInt8>) -> [UInt8] { path.isEmpty ? [UInt8(ascii: "/")] : Array(path) }

    /// What the digits of a signature stand for; nil for any other text. Upper-case digits are none: there is one spelling of each code.
    package static func code(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count == 2 * codeBytes else { return nil }
        var code: [UInt8] = []
        code.reserveCapacity(codeBytes)
        var high: UInt8?
        for digit in digits {
            guard let value = digit.hexValue, digit == digit.asciiLowercased else { return nil }
            if let first = high {
                code.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return code
    }

    /// The seconds that an end has: decimal digits without a leading zero; nil for any other text.
    package static func expiry(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...expiryDigits).contains(digits.count), digits.first != UInt8(ascii: "0"), digits.allSatisfy(\.isASCIIDigit)
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }
}

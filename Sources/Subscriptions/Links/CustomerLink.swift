package import Attribution
internal import Foundation

/// A link by which a customer says who is partner of record of one subscription, until it ends: `/s/ID.END.SIGNATURE`. Who has
/// it may change that, and nothing else: there is no account behind it.
package struct CustomerLink: Equatable, Sendable {
    package let subscription: String
    /// The last second at which it holds, counted since 1970, UTC.
    package let expiry: Int64

    package init(subscription: String, expiry: Int64) {
        self.subscription = subscription
        self.expiry = expiry
    }

    /// As long as somebody may need who has to ask their partner for its ID.
    package static let usualDays = 30
    /// A link that nobody remembers must end by itself; keys rely on it (``Office/issueCustomerLink(to:days:by:at:)``).
    package static let maximumDays = 90

    private static let purpose = Array("porter-customer-1".utf8)

    /// What is signed.
    package var message: [UInt8] {
        SignedMessage.of([Self.purpose, Array(subscription.utf8), Array(String(expiry).utf8)])
    }

    /// The link's path: the ID in base64url (RFC 4648, section 5, without padding), for it may hold what a path can't; the end
    /// in seconds; and HMAC-SHA256 of ``message`` as 64 lower-case hexadecimal digits. No mail program ends a link at any of
    /// these.
    package func path(signedWith key: LinkKey) -> String {
        var digits: [UInt8] = []
        digits.appendHex(key.code(of: message))
        let signature = String(decoding: digits, as: UTF8.self)
        return "\(OwnPath.reservedPrefix)\(Self.encoded(subscription)).\(expiry).\(signature)"
    }

    static func encoded(_ id: String) -> String {
        Data(id.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The ID that a text stands for; nil for any other text: there is one spelling of each ID.
    static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        var standard = String(decoding: text, as: UTF8.self).replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: standard), let id = String(validating: bytes, as: UTF8.self), !id.isEmpty,
            encoded(id).utf8.elementsEqual(text)
        else { return nil }
        return id
    }
}

/// What a text behind `/s/` is worth as a customer's link.
package enum CustomerLinkFinding: Equatable, Sendable {
    case valid(CustomerLink)
    /// It would be valid, were its time not over.
    case expired(CustomerLink)
    /// None of our keys in force made it.
    case wrong
    /// It is no link at all, or only a part of one.
    case malformed

    private static let separator = UInt8(ascii: ".")
    /// The longest ID in base64url, an end, a signature, and two dots.
    static let maximumBytes = (SubscriptionText.maximumIDBytes + 2) / 3 * 4 + 11 + 64 + 2

    /// - Parameters:
    ///   - text: as it was sent.
    ///   - keys: those in force.
    package init(_ text: [UInt8], keys: [LinkKey], at time: Timestamp) {
        let parts = text.split(separator: Self.separator, maxSplits: 3, omittingEmptySubsequences: false)
        guard text.count <= Self.maximumBytes, parts.count == 3, let id = CustomerLink.decoded(parts[0]),
            let expiry = SignedLink.expiry(parts[1]), let code = SignedLink.code(parts[2])
        else {
            self = .malformed
            return
        }
        let link = CustomerLink(subscription: id, expiry: expiry)
        let message = link.message
        // Each key is tried, whichever made it: how long that takes says nothing of which it was.
        let isMade = keys.reduce(false) { $1.made(code, of: message) || $0 }
        if !isMade {
            self = .wrong
        } else {
            // The clock that it was made by is this one: nothing is allowed for.
            self = time.seconds > expiry ? .expired(link) : .valid(link)
        }
    }
}

package import Attribution

/// How a call of the provider's is signed that carries no token: `Porter-Time` and `Porter-Signature`.
///
/// What is signed is the time as it was sent, a line feed, method and target as they were sent with a space between them, a line feed,
/// and the body. Method and target are among it so that a report on one subscription is none on another, and an order to set a partner
/// of record none to remove it. The same signature changes a partner of record once; an event that is told again was taken. After
/// ``toleranceSeconds`` the call's time is too old.
///
///     TIME=$(date -u +%Y-%m-%dT%H:%M:%S.%6NZ)
///     KEY=$(printf %s "$TOKEN" | sha256sum | cut -c1-64)
///     SIGNATURE=$( (printf '%s\n%s\n' "$TIME" 'POST /api/v1/subscriptions'; cat event.json) |
///         openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY -r | cut -c1-64)
///     curl --data-binary @event.json -H 'Content-Type: application/json' \
///         -H "Porter-Time: $TIME" -H "Porter-Signature: $SIGNATURE" https://office.example.com/api/v1/subscriptions
package struct ProviderSignature: Equatable, Sendable {
    /// What was signed.
    package let message: [UInt8]
    /// 32 bytes.
    package let code: [UInt8]

    /// How far the call's time may be from ours, before and after: clocks differ, and calls are tried again.
    package static let toleranceSeconds: Int64 = 300
    private static let codeBytes = 32

    /// Why a call is not looked at further.
    package enum Fault: String, Error, Sendable {
        /// The time is none, or the signature is not 64 hex digits.
        case malformed
        /// The time is too far from ours.
        case stale
    }

    /// - Parameters:
    ///   - time: the field `Porter-Time`, RFC 3339.
    ///   - signature: the field `Porter-Signature`, in hexadecimal.
    ///   - target: path and query of the request, as they were sent.
    ///   - now: our time.
    package init(
        time: String, signature: String, method: String, target: String, body: some Sequence<UInt8>, now: Timestamp
    ) throws(Fault) {
        guard let moment = Timestamp(rfc3339: time), let code = Self.bytes(hex: signature) else { throw .malformed }
        guard abs(moment.seconds - now.seconds) <= Self.toleranceSeconds else { throw .stale }
        var signed = Array("\(time)\n\(method) \(target)\n".utf8)
        signed += body
        message = signed
        self.code = code
    }

    private static func bytes(hex: String) -> [UInt8]? {
        let digits = Array(hex.utf8)
        guard digits.count == 2 * codeBytes else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index].hexValue, let low = digits[index + 1].hexValue else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

internal import Attribution
internal import Crypto

/// The secret of one visitor day, with which visitors are told apart without being known.
///
/// A visitor is HMAC-SHA256 over the truncated network and the user agent. Once the key is gone, nobody can tell from a
/// record who made it, or recognise the same visitor on another day.
struct VisitorKey: Equatable {
    /// Random bytes of the key.
    static let byteCount = 32
    /// Of the 32 bytes of the hash: enough that two visitors are never taken for one.
    static let visitorByteCount = 16

    /// The UTC day that the key is for. It never steps back, but from one that a wrong clock made.
    let day: CalendarDay
    /// The first record that was made with this key.
    let firstSequence: Int64
    let secret: [UInt8]
    private let hash: KeyedHash

    init(day: CalendarDay, firstSequence: Int64, secret: [UInt8]) {
        precondition(secret.count == Self.byteCount)
        self.day = day
        self.firstSequence = firstSequence
        self.secret = secret
        hash = KeyedHash(key: secret)
    }

    static func == (left: VisitorKey, right: VisitorKey) -> Bool {
        left.day == right.day && left.firstSequence == right.firstSequence && left.secret == right.secret
    }

    /// nil when the request's address is not known: an agent alone is nobody.
    func visitor(of personal: PersonalJSON) -> Visitor? {
        guard let network = personal.network else { return nil }
        // The network has a fixed length, so that no network and agent together read like another pair.
        var code = hash
        network.withUnsafeBytes { code.update($0) }
        personal.userAgentText.withUnsafeBytes { code.update($0) }
        return code.finalize().withUnsafeBytes { Visitor(bytes: $0) }
    }
}

/// A visitor as the records of one day know it: 16 bytes of the keyed hash.
struct Visitor: Hashable {
    let high: UInt64
    let low: UInt64

    init(bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= VisitorKey.visitorByteCount)
        high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    /// Reads the record's field back: 32 lower-case hexadecimal digits.
    init?(hex: String) {
        guard hex.utf8.count == 2 * VisitorKey.visitorByteCount,
            let high = UInt64(hex.prefix(16), radix: 16), let low = UInt64(hex.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    /// 32 lower-case hexadecimal digits.
    var hex: String {
        String(unsafeUninitializedCapacity: 2 * VisitorKey.visitorByteCount) { text in
            for digit in 0..<32 {
                let half = digit < 16 ? high : low
                text[digit] = lowerHexDigits[Int(half >> UInt64((15 - digit % 16) * 4) & 15)]
            }
            return 32
        }
    }
}

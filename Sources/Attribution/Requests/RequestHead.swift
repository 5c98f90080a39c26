/// The head of one HTTP request as received: all its bytes in one array, and where in it the parts lie.
///
/// One array per request instead of one per field keeps the hot path to one allocation, and keeps every byte that the visitor
/// sent. Only the fields that Porter reads are located; the others are counted and passed over.
package struct RequestHead: Sendable {
    /// The protocol of the request.
    package enum Version: Sendable {
        case http10
        case http11
        case http2
    }

    /// The fields that Porter reads.
    package enum Field: Int, CaseIterable, Sendable {
        case host, acceptLanguage, userAgent, referer, contentType
        case secPurpose, purpose, xPurpose, xMoz, porterTest
        case contentLength, transferEncoding, connection, expect
        case xForwardedFor, xForwardedProto
    }

    /// Method, target, names and values, with whatever stood between them.
    package internal(set) var bytes: [UInt8]
    package private(set) var method: Range<Int>
    package private(set) var target: Range<Int>
    package let version: Version
    /// How many fields were sent, those included that are passed over.
    package internal(set) var fieldCount = 0
    /// How many `Host` fields were sent; under HTTP/2 `:authority` stands in its place.
    package internal(set) var hostCount = 0
    /// Bytes of all fields' names and values, as sent.
    package internal(set) var fieldBytes = 0
    /// Whether target and fields, or the fields that were sent in several pieces, make more than the limits allow.
    package internal(set) var isTooLarge = false
    /// By ``Field``, start and end in ``bytes``; 32 bits, because a head is limited to a few kilobytes.
    private var located = InlineArray<16, SIMD2<Int32>>(repeating: SIMD2(-1, -1))

    /// - Parameter bytes: holds method and target at the given ranges; fields are added by ``addField(name:value:)``.
    package init(bytes: [UInt8], method: Range<Int>, target: Range<Int>, version: Version) {
        self.bytes = bytes
        self.method = method
        self.target = target
        self.version = version
    }

    package var methodBytes: ArraySlice<UInt8> { bytes[method] }
    package var targetBytes: ArraySlice<UInt8> { bytes[target] }

    /// The field's value; nil when it was not sent. Of a list that was sent in several fields, all of it.
    package subscript(field: Field) -> ArraySlice<UInt8>? {
        range(of: field).map { bytes[$0] }
    }

    func range(of field: Field) -> Range<Int>? {
        let range = located[field.rawValue]
        return range.x < 0 ? nil : Int(range.x)..<Int(range.y)
    }

    mutating func locate(_ field: Field, at range: Range<Int>) {
        located[field.rawValue] = SIMD2(Int32(range.lowerBound), Int32(range.upperBound))
    }
}

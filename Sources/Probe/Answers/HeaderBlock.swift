/// A block of HTTP/2 header fields (RFC 7541), of which a probe reads the status and the location.
///
/// The probe tells the server to keep no dynamic table, so that a field is either one of the static table or stands there in full.
struct HeaderBlock {
    private(set) var status: Int?
    private(set) var location: String?
    private var rest: ArraySlice<UInt8>

    /// nil for what can't be read.
    init?(_ bytes: [UInt8]) {
        rest = bytes[...]
        while let first = rest.first {
            guard read(first) else { return nil }
        }
    }

    // MARK: Static table (RFC 7541, appendix A)

    /// Index 8 to 14 are `:status` with these values, and 46 is `location`.
    private static let statuses = [200, 204, 206, 304, 400, 404, 500]
    private static let statusIndices = 8...14
    private static let locationIndex = 46

    private enum Name {
        case status
        case location
        case other

        init(index: Int) {
            self = HeaderBlock.statusIndices.contains(index) ? .status : index == HeaderBlock.locationIndex ? .location : .other
        }

        init(_ bytes: [UInt8]) {
            self = bytes == Array(":status".utf8) ? .status : bytes == Array("location".utf8) ? .location : .other
        }
    }

    // MARK: Fields (RFC 7541, section 6)

    /// Takes one field off ``rest``, which begins with this byte.
    private mutating func read(_ first: UInt8) -> Bool {
        if first & 0x80 != 0 {
            guard let index = integer(prefixBits: 7) else { return false }
            if Self.statusIndices.contains(index) { status = Self.statuses[index - Self.statusIndices.lowerBound] }
            return true
        }
        if first & 0xE0 == 0x20 { return integer(prefixBits: 5) != nil }
        // To be remembered, not to be, or never to be: the probe remembers nothing.
        guard let index = integer(prefixBits: first & 0x40 != 0 ? 6 : 4), let name = index == 0 ? name() : Name(index: index),
            let value = string()
        else { return false }
        switch name {
        case .status: status = Int(String(decoding: value, as: UTF8.self))
        case .location: location = String(decoding: value, as: UTF8.self)
        case .other: break
        }
        return true
    }

    private mutating func name() -> Name? {
        string().map { Name($0) }
    }

    // MARK: Primitives (RFC 7541, section 5)

    /// Nothing in a head that a probe accepts is longer.
    private static let greatestInteger = 1 << 20

    private mutating func integer(prefixBits: Int) -> Int? {
        guard let first = rest.popFirst() else { return nil }
        let mask = 1 << prefixBits - 1
        var value = Int(first) & mask
        guard value == mask else { return value }
        var shift = 0
        while let byte = rest.popFirst() {
            value += Int(byte & 0x7F) << shift
            guard value <= Self.greatestInteger else { return nil }
            if byte & 0x80 == 0 { return value }
            shift += 7
            guard shift <= 28 else { return nil }
        }
        return nil
    }

    private mutating func string() -> [UInt8]? {
        guard let first = rest.first, let length = integer(prefixBits: 7), length <= rest.count else { return nil }
        let bytes = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        return first & 0x80 != 0 ? HuffmanCode.decode(bytes) : bytes
    }
}

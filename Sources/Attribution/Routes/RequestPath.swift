/// A path split at `/`, each segment percent-decoded once.
///
/// One trailing slash is taken off first. Dot segments and empty segments stay as they are: folding them would let two
/// spellings reach one route that a proxy in front takes for different ones.
package struct RequestPath {
    /// Holds the segments, a slash before each but the first: the bytes that were given, unless something had to be decoded.
    private let bytes: [UInt8]
    private let start: Int
    private let ends: [Int]

    /// Splits the path of a request target or a route file, without its query.
    package init(_ path: some Collection<UInt8>) {
        let bytes = Array(path)
        self.init(bytes, at: bytes.indices)
    }

    init(_ bytes: [UInt8], at path: Range<Int>) {
        var path = path
        if !path.isEmpty, bytes[path.upperBound - 1] == UInt8(ascii: "/") { path.removeLast() }
        let raw = bytes.span.extracting(path)
        if raw.index(of: UInt8(ascii: "%")) == raw.count {
            self.bytes = bytes
            start = path.lowerBound
            ends = Self.ends(raw, offset: path.lowerBound)
        } else {
            start = 0
            (self.bytes, ends) = Self.decoded(raw)
        }
    }

    /// Sign-up URLs have a few segments.
    private static let usualSegments = 6

    private static func ends(_ raw: Span<UInt8>, offset: Int) -> [Int] {
        var ends: [Int] = []
        ends.reserveCapacity(usualSegments)
        for index in raw.indices where raw[index] == UInt8(ascii: "/") { ends.append(offset + index) }
        ends.append(offset + raw.count)
        return ends
    }

    private static func decoded(_ raw: Span<UInt8>) -> (bytes: [UInt8], ends: [Int]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var ends: [Int] = []
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            index += 1
            if byte == UInt8(ascii: "%"), let decoded = PercentEscape.value(at: index, in: raw) {
                bytes.append(decoded)
                index += 2
            } else {
                if byte == UInt8(ascii: "/") { ends.append(bytes.count) }
                bytes.append(byte)
            }
        }
        ends.append(bytes.count)
        return (bytes, ends)
    }

    /// How many segments there are: one more than slashes, after a trailing one is taken off.
    package var count: Int { ends.count }

    /// A segment's bytes, decoded, counted from 0 (the empty one before the first slash).
    package subscript(segment: Int) -> ArraySlice<UInt8> {
        bytes[(segment == 0 ? start : ends[segment - 1] + 1)..<ends[segment]]
    }
}

/// `%XX` (RFC 3986, section 2.1).
enum PercentEscape {
    /// The byte that two hexadecimal digits at `index` stand for; nil when there are none.
    static func value(at index: Int, in bytes: Span<UInt8>) -> UInt8? {
        guard index + 1 < bytes.count, let high = bytes[index].hexValue, let low = bytes[index + 1].hexValue else { return nil }
        return high << 4 | low
    }
}

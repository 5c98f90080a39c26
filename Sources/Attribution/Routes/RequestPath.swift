/// A path split at `/`, each segment percent-decoded once.
///
/// One trailing slash is taken off first. Dot segments and empty segments stay as they are: folding them would let two
/// spellings reach one route that a proxy in front takes for different ones.
package struct RequestPath {
    /// All segments' bytes, one behind the other, as received but decoded.
    private let bytes: [UInt8]
    private let ends: [Int]

    /// Splits the path of a request target or a route file, without its query.
    package init(_ path: some BidirectionalCollection<UInt8>) {
        var rest = path[...]
        if rest.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rest.count)
        var ends: [Int] = []
        var index = rest.startIndex
        while index < rest.endIndex {
            let byte = rest[index]
            rest.formIndex(after: &index)
            if byte == UInt8(ascii: "/") {
                ends.append(bytes.count)
            } else if byte == UInt8(ascii: "%"), let decoded = PercentEscape.value(at: index, in: rest) {
                bytes.append(decoded)
                rest.formIndex(&index, offsetBy: 2)
            } else {
                bytes.append(byte)
            }
        }
        ends.append(bytes.count)
        self.bytes = bytes
        self.ends = ends
    }

    /// How many segments there are: one more than slashes, after a trailing one is taken off.
    package var count: Int { ends.count }

    /// A segment's bytes, decoded, counted from 0 (the empty one before the first slash).
    package subscript(segment: Int) -> ArraySlice<UInt8> {
        bytes[(segment == 0 ? 0 : ends[segment - 1])..<ends[segment]]
    }

    /// The same path in ASCII lower case, as routes compare it.
    package var lowercased: RequestPath {
        RequestPath(bytes: bytes.map(\.asciiLowercased), ends: ends)
    }

    private init(bytes: [UInt8], ends: [Int]) {
        self.bytes = bytes
        self.ends = ends
    }
}

/// `%XX` (RFC 3986, section 2.1).
package enum PercentEscape {
    /// The byte that two hexadecimal digits at `index` stand for; nil when there are none.
    static func value<Bytes: Collection<UInt8>>(at index: Bytes.Index, in bytes: Bytes) -> UInt8? {
        guard index < bytes.endIndex, let high = bytes[index].hexValue else { return nil }
        let second = bytes.index(after: index)
        guard second < bytes.endIndex, let low = bytes[second].hexValue else { return nil }
        return high << 4 | low
    }
}

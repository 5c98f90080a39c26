/// Places within a segment: a set of numbers below ``SearchSegment/records``.
struct PlaceSet: Equatable {
    private static let wordBits = 64
    private var words = [UInt64](repeating: 0, count: SearchSegment.records / Self.wordBits)

    init() {}

    init(_ places: some Sequence<Int>) {
        for place in places { insert(place) }
    }

    mutating func insert(_ place: Int) {
        words[place / Self.wordBits] |= 1 << UInt64(place % Self.wordBits)
    }

    mutating func formIntersection(_ other: PlaceSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Ascending.
    var places: [Int] {
        var places: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                places.append(index * Self.wordBits + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return places
    }
}

// MARK: - As stored

extension PlaceSet {
    /// As many places take as much as the bits of all.
    private static let mostListed = SearchSegment.records / 8 / 2

    /// Two bytes for each place, little-endian and ascending; or a bit for each place of the segment, when that is shorter.
    ///
    /// - Parameter places: ascending.
    static func stored(_ places: [UInt16]) -> [UInt8] {
        guard places.count >= mostListed else {
            return places.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        }
        var bits = [UInt8](repeating: 0, count: SearchSegment.records / 8)
        for place in places { bits[Int(place) / 8] |= 1 << UInt8(place % 8) }
        return bits
    }

    /// nil: the bytes are none of ``stored(_:)``'s.
    init?(stored bytes: UnsafeRawBufferPointer) {
        if bytes.count == SearchSegment.records / 8 {
            for index in words.indices {
                words[index] = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            return
        }
        guard bytes.count % 2 == 0, bytes.count < SearchSegment.records / 8 else { return nil }
        for offset in stride(from: 0, to: bytes.count, by: 2) {
            let place = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
            guard place < SearchSegment.records else { return nil }
            insert(place)
        }
    }
}

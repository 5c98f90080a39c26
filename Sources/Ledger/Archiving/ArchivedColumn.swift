/// One column of numbers as it is stored: the bytes that each takes (0, 1, 2 or 4; none when all are 0), how many there are, in
/// four bytes, then the numbers; all little-endian.
enum ArchivedColumn {
    static func append(_ numbers: [UInt32], to bytes: inout [UInt8]) {
        let most = numbers.max() ?? 0
        let width = most == 0 ? 0 : most <= UInt32(UInt8.max) ? 1 : most <= UInt32(UInt16.max) ? 2 : 4
        bytes.reserveCapacity(bytes.count + 5 + width * numbers.count)
        bytes.append(UInt8(width))
        append(UInt32(numbers.count), width: 4, to: &bytes)
        for number in numbers { append(number, width: width, to: &bytes) }
    }

    private static func append(_ number: UInt32, width: Int, to bytes: inout [UInt8]) {
        for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(8 * place))) }
    }

    static func stored(_ numbers: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(numbers, to: &bytes)
        return bytes
    }

    /// nil: the bytes are none of ``stored(_:)``'s.
    static func numbers(_ bytes: UnsafeRawBufferPointer) -> [UInt32]? {
        var place = 0
        guard let numbers = next(bytes, &place), place == bytes.count else { return nil }
        return numbers
    }

    /// Reads the column that begins at a place, and moves the place behind it; nil when there is none.
    static func next(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> [UInt32]? {
        guard bytes.count - place >= 5 else { return nil }
        let width = Int(bytes[place])
        let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place + 1, as: UInt32.self)))
        let start = place + 5
        guard (bytes.count - start) / max(width, 1) >= (width == 0 ? 0 : count), count <= mostNumbers else { return nil }
        place = start + width * count
        let column = UnsafeRawBufferPointer(rebasing: bytes[start..<place])
        return switch width {
        case 0: [UInt32](repeating: 0, count: count)
        case 1: numbers(column, count, as: UInt8.self)
        case 2: numbers(column, count, as: UInt16.self)
        case 4: numbers(column, count, as: UInt32.self)
        default: nil
        }
    }

    /// A column of zeros has no bytes that would bound it: more counters than one day can have.
    private static let mostNumbers = 1 << 28

    private static func numbers<Number: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, as _: Number.Type
    ) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: count) { numbers, initialized in
            for index in 0..<count {
                let number = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: Number.self)
                numbers[index] = UInt32(truncatingIfNeeded: Number(littleEndian: number))
            }
            initialized = count
        }
    }
}

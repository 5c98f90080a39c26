/// The lines of a registry export, whichever way it is written, as UTF-8.
struct ExportLines {
    private enum Encoding {
        case utf8
        case utf16LittleEndian
        case utf16BigEndian
    }

    private let bytes: [UInt8]
    private let encoding: Encoding
    private var index: Int
    /// Of the line that came last, from 1.
    private(set) var number = 0

    /// By the byte order mark; without one, by which half of the first unit is zero, as every export begins with an ASCII letter.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            (encoding, index) = (.utf8, 3)
        } else if bytes.starts(with: [0xFF, 0xFE]) {
            (encoding, index) = (.utf16LittleEndian, 2)
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            (encoding, index) = (.utf16BigEndian, 2)
        } else if bytes.count >= 2, bytes[0] != 0, bytes[1] == 0 {
            (encoding, index) = (.utf16LittleEndian, 0)
        } else if bytes.count >= 2, bytes[0] == 0, bytes[1] != 0 {
            (encoding, index) = (.utf16BigEndian, 0)
        } else {
            (encoding, index) = (.utf8, 0)
        }
    }

    /// The next line without its end, CRLF or LF; nil at the end. What is no text in its encoding comes out as U+FFFD: the code
    /// page of a REGEDIT4 file, among others, is not told in the file.
    mutating func next() -> [UInt8]? {
        guard index < bytes.count else { return nil }
        number += 1
        var line = encoding == .utf8 ? nextBytes() : nextUnits()
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    /// Whether nothing but blank lines is to come.
    var isAtEnd: Bool {
        var ahead = self
        while let line = ahead.next() {
            guard line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else { return false }
        }
        return true
    }

    private mutating func nextBytes() -> [UInt8] {
        let end = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let line = Array(bytes[index..<end])
        index = end + 1
        return line
    }

    private mutating func nextUnits() -> [UInt8] {
        var units: [UInt16] = []
        while index + 1 < bytes.count {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            let unit = encoding == .utf16LittleEndian ? second << 8 | first : first << 8 | second
            index += 2
            if unit == 0x0A { return Array(String(decoding: units, as: UTF16.self).utf8) }
            units.append(unit)
        }
        // Half a unit at the end is none.
        index = bytes.count
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}

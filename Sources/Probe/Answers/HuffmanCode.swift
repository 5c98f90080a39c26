/// The Huffman code of HTTP/2's fields (RFC 7541, section 5.2 and appendix B), as far as reading needs it.
///
/// The code is canonical: the lengths alone say it, since codes of one length follow each other in the order of their symbols.
enum HuffmanCode {
    /// Bits of each byte's code. The end of a string, symbol 256, is the one code left, thirty ones, and never sent.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    ]
    private static let greatestLength = 30
    /// Unused bits at the end, all ones, are fewer than a byte.
    private static let greatestPadding = 7

    /// The bytes in the order of their codes.
    private static let symbols = (0..<256).sorted { (lengths[$0], $0) < (lengths[$1], $1) }.map { UInt8($0) }
    /// How many codes there are of each length.
    private static let counts = (0...greatestLength).map { length in lengths.count { Int($0) == length } }

    /// nil for what is no such code.
    static func decode(_ bytes: some Sequence<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        var length = 0
        var code = 0
        // Of the codes of this length: the first one, and how many symbols have shorter ones.
        var first = 0
        var shorter = 0
        for byte in bytes {
            for shift in stride(from: 7, through: 0, by: -1) {
                code = code << 1 | Int(byte >> UInt8(shift)) & 1
                length += 1
                guard length <= greatestLength else { return nil }
                if code - first < counts[length] {
                    decoded.append(symbols[shorter + code - first])
                    (length, code, first, shorter) = (0, 0, 0, 0)
                } else {
                    shorter += counts[length]
                    first = (first + counts[length]) << 1
                }
            }
        }
        return length <= greatestPadding && code == (1 << length) - 1 ? decoded : nil
    }
}

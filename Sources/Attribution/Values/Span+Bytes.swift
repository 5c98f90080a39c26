// Runs of bytes looked at in place: a slice of an array costs a reference count, its span costs nothing. Bytes are read unchecked
// in loops whose condition has just checked the index.

extension Span where Element == UInt8 {
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[unchecked: index] != other[unchecked: index] { return false }
        return true
    }

    func isEqual(to text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    func hasPrefix(_ text: StaticString) -> Bool {
        let text = text.bytes
        guard count >= text.count else { return false }
        for index in text.indices where self[unchecked: index] != text[index] { return false }
        return true
    }

    /// Whether these are the bytes of `other`, which is in lower case, ASCII case not regarded.
    func isEqual(toLowercase other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[unchecked: index].asciiLowercased != other[unchecked: index] { return false }
        return true
    }

    /// Whether these are the bytes of `text`, which is in lower case, ASCII case not regarded.
    func isEqual(toLowercase text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && contains(lowercase: text, at: 0)
    }

    /// Whether `text`, which is in lower case, stands at an index, ASCII case not regarded.
    func contains(lowercase text: StaticString, at start: Int) -> Bool {
        let text = text.bytes
        guard start >= 0, count - start >= text.count else { return false }
        for index in text.indices where self[unchecked: start &+ index].asciiLowercased != text[index] { return false }
        return true
    }

    /// Where the byte first stands, at or after `start`; the end when it does not.
    func index(of byte: UInt8, from start: Int = 0) -> Int {
        precondition(start >= 0)
        var index = start
        while index < count, self[unchecked: index] != byte { index &+= 1 }
        return index
    }

    /// Whether the bits of any byte, as `bits` gives them, are not all 0. Written without any branch but the loop's, so that the
    /// compiler looks at sixteen bytes at once.
    @inline(__always)
    func hasAny(_ bits: (UInt8) -> UInt8) -> Bool {
        var found: UInt8 = 0
        for index in indices { found |= bits(self[unchecked: index]) }
        return found != 0
    }

    var isASCII: Bool { !hasAny { $0 & 0x80 } }

    var isUTF8: Bool {
        isASCII || withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
    }
}

extension Bool {
    /// 1 for true.
    @inline(__always)
    var bit: UInt8 { self ? 1 : 0 }
}

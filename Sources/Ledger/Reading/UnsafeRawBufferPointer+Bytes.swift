#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

extension UnsafeRawBufferPointer {
    /// Where `needle`, which is not empty, first begins; nil when it does not occur. The standard library's search is generic, and
    /// many times slower over a ledger's leaves.
    func firstIndex(of needle: [UInt8]) -> Int? {
        guard let base = baseAddress else { return nil }
        var start = 0
        while count - start >= needle.count {
            let room = count - start - needle.count + 1
            guard let found = memchr(base + start, Int32(needle[0]), room) else { return nil }
            start = UnsafeRawPointer(found) - base
            if memcmp(base + start, needle, needle.count) == 0 { return start }
            start += 1
        }
        return nil
    }

    /// Whether the bytes are the same: compared together, where `elementsEqual` goes from one to the next.
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let first = baseAddress, let second = other.baseAddress else { return true }
        return memcmp(first, second, count) == 0
    }

    func isEqual(to text: StaticString) -> Bool {
        isEqual(to: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

internal import Attribution
import Foundation

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Passes over most leaves without reading them as JSON: what a fitting leaf must contain, as bytes.
///
/// In a leaf a quotation mark within a text is always escaped, so `"outcome":"unknown"` can stand for nothing but the field.
struct LeafScan {
    private var needles: [[UInt8]] = []
    private let since: [UInt8]?
    private let until: [UInt8]?

    private static let timeKey = Array("\"time\":\"".utf8)

    init(_ filter: RecordFilter) {
        (since, until) = (filter.since.map { Array($0.description.utf8) }, filter.until.map { Array($0.description.utf8) })
        need("outcome", filter.outcome?.rawValue)
        need("partner", filter.partner?.description)
        need("route", filter.route)
        need("origin", filter.origin)
        need("campaign", filter.campaign)
        need("client", filter.client?.rawValue)
        need("receipt", filter.receipt?.description)
        if let claimed = filter.claimed { needles.append(Array("\"\(claimed)\"".utf8)) }
    }

    private mutating func need(_ key: String, _ value: String?) {
        guard let value else { return }
        // Texts that JSON writes differently are left to the full comparison.
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else { return }
        needles.append(Array("\"\(key)\":\"\(value)\"".utf8))
    }

    /// Whether the leaf may fit. Times are compared as texts, which their fixed form makes the same.
    func mayMatch(_ leaf: UnsafeRawBufferPointer) -> Bool {
        guard needles.allSatisfy({ Self.find($0, in: leaf) != nil }) else { return false }
        guard since != nil || until != nil else { return true }
        guard let start = Self.find(Self.timeKey, in: leaf).map({ $0 + Self.timeKey.count }) else { return true }
        let time = leaf[start...].prefix { $0 != UInt8(ascii: "\"") }
        if let since, time.lexicographicallyPrecedes(since) { return false }
        if let until, !time.lexicographicallyPrecedes(until) { return false }
        return true
    }

    /// Where the needle first begins.
    private static func find(_ needle: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var start = 0
        while bytes.count - start >= needle.count {
            let room = bytes.count - start - needle.count + 1
            guard let found = memchr(base + start, Int32(needle[0]), room) else { return nil }
            start = UnsafeRawPointer(found) - base
            if memcmp(found, needle, needle.count) == 0 { return start }
            start += 1
        }
        return nil
    }
}

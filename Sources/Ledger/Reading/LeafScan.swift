internal import Attribution

/// Passes over most leaves without reading them as JSON: what a fitting leaf must contain, as bytes.
///
/// In a leaf a quotation mark within a text is always escaped, so `"outcome":"unknown"` can stand for nothing but the field.
struct LeafScan {
    private var needles: [[UInt8]] = []
    private let since: [UInt8]?
    private let until: [UInt8]?

    private static let plainCampaign = Set("abcdefghijklmnopqrstuvwxyz0123456789-_.".utf8)
    private static let timeKey = Array("\"time\":\"".utf8)

    init(_ filter: RecordFilter) {
        (since, until) = (filter.since.map { Array($0.description.utf8) }, filter.until.map { Array($0.description.utf8) })
        need("kind", filter.kind?.rawValue)
        need("outcome", filter.outcome?.rawValue)
        need("reason", filter.reason?.rawValue)
        need("partner", filter.partner?.description)
        need("route", filter.route)
        need("origin", filter.origin)
        // No other text is the same campaign as one of these letters, as "K" is that of a Kelvin sign.
        if let campaign = filter.campaign, campaign.utf8.allSatisfy({ Self.plainCampaign.contains($0) }) {
            need("campaign", campaign)
        }
        need("client", filter.client?.rawValue)
        need("signature", filter.signature?.rawValue)
        need("receipt", filter.receipt?.description)
        need("adjusts", filter.adjusts?.description)
        for id in [filter.claimed, filter.concerns] {
            if let id { needles.append(Array("\"\(id)\"".utf8)) }
        }
    }

    private mutating func need(_ key: String, _ value: String?) {
        guard let value else { return }
        // Texts that JSON writes differently are left to the full comparison.
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else { return }
        needles.append(Array("\"\(key)\":\"\(value)\"".utf8))
    }

    /// Whether the leaf may fit. Times are compared as texts, which their fixed form makes the same.
    func mayMatch(_ leaf: UnsafeRawBufferPointer) -> Bool {
        guard needles.allSatisfy({ leaf.firstIndex(of: $0) != nil }) else { return false }
        guard since != nil || until != nil else { return true }
        guard let start = leaf.firstIndex(of: Self.timeKey).map({ $0 + Self.timeKey.count }) else { return true }
        let time = leaf[start...].prefix { $0 != UInt8(ascii: "\"") }
        if let since, time.lexicographicallyPrecedes(since) { return false }
        if let until, !time.lexicographicallyPrecedes(until) { return false }
        return true
    }
}

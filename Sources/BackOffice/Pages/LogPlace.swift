import Attribution
import Hummingbird

/// Where somebody reads in the log: on which page, and what was the newest when they opened it. All of it is in the links, so
/// that a page shows the same records whenever it is looked at again, and says what has come since.
struct LogPlace: Sendable {
    /// The ledger's last record when the log was opened; nil when it is being opened.
    var seen: Int64?
    var openedAt: Timestamp?
    /// The page's records stand before this one.
    var before: Int64?
    /// Or they are those next behind this one.
    var after: Int64?

    static let parameters = ["seen", "opened", "before", "after"]

    init(_ request: Request) {
        func sequence(_ name: String) -> Int64? {
            // Room for the places next to it.
            request.query(name).flatMap { Int64($0) }.flatMap { (0..<Int64.max / 2).contains($0) ? $0 : nil }
        }
        seen = sequence("seen")
        openedAt = seen == nil ? nil : request.query("opened").flatMap { Timestamp(rfc3339: $0) }
        before = sequence("before")
        after = before == nil ? sequence("after") : nil
    }
}

/// Where a log that was opened can be read on.
struct OpenedLog: Sendable {
    let seen: Int64
    let openedAt: Timestamp

    typealias Parameters = [(name: String, value: String)]

    /// What a link to this place has besides the filter.
    var parameters: Parameters { [("seen", String(seen)), ("opened", String(openedAt.description.prefix(19)) + "Z")] }

    func before(_ sequence: Int64) -> Parameters { parameters + [("before", String(sequence))] }

    func after(_ sequence: Int64) -> Parameters { parameters + [("after", String(sequence))] }
}

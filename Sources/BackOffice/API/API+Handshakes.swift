import Attribution
import Hummingbird
import Ledger
import Office

extension API {
    private static let usualHandshakes = 100
    private static let mostHandshakes = 1_000

    /// | request | answer |
    /// |---|---|
    /// | `GET handshakes?since=&until=&signups=0\|1&limit=` | TLS handshakes that failed between two UTC days, and what would help |
    func addHandshakes(to group: RouterGroup<BackOfficeContext>) {
        group.get("handshakes") { request, context in
            _ = try context.require(.marketing)
            try request.requireQuery(of: ["since", "until", "signups", "limit"])
            let limit = try request.limit(default: Self.usualHandshakes, most: Self.mostHandshakes)
            let today = desks.now().day
            let (first, last) = (try request.day("since") ?? today, try request.day("until") ?? today)
            let mayBeSignups = try request.flag("signups")
            let found = try await desks.ledger.read {
                try $0.failedHandshakes(from: first, through: last, mayBeSignups: mayBeSignups, limit: limit)
            }
            return try Response(json: found.map { HandshakeDocument($0) })
        }
    }
}

import Attribution
import Ledger
import Office

/// Where attributions were lost: IDs that nobody has, with who was probably meant, URLs that lead nowhere, and clients that could not
/// even shake hands.
struct LostAttribution: Encodable, Sendable {
    struct ID: Encodable, Sendable {
        let id: String
        let requests: Int64
        /// Partners whose IDs differ in one digit, or by two that changed places.
        let near: [Neighbour]
    }

    struct Neighbour: Encodable, Sendable {
        let id: String
        let name: String
    }

    struct Path: Encodable, Sendable {
        let path: String
        let requests: Int64
        /// RFC 3339.
        let latest: String
    }

    let unknown: [ID]
    let unmatched: [Path]
    /// Failed handshakes that may have been sign-ups.
    let handshakes: [HandshakeDocument]

    static let mostIDs = 10
    static let mostPaths = 10
    static let mostHandshakes = 10
    private static let mostNear = 3

    /// - Parameters: UTC days, both included.
    static func find(_ desks: Desks, from first: CalendarDay, through last: CalendarDay) async throws -> LostAttribution {
        let (unknown, unmatched, handshakes) = try await desks.ledger.read { ledger in
            (
                try ledger.unknownIDs(from: first, through: last, limit: mostIDs),
                try ledger.unmatchedPaths(from: first, through: last, limit: mostPaths),
                try ledger.failedHandshakes(from: first, through: last, mayBeSignups: true, limit: mostHandshakes)
            )
        }
        let directory = desks.partners()
        let near = unknown.map { Array(directory.neighbours(of: $0.id).prefix(mostNear)) }
        let names = try await desks.office { office in
            try near.map { try $0.map { Neighbour(id: $0.description, name: try office.partner($0)?.name ?? "") } }
        }
        return LostAttribution(
            unknown: zip(unknown, names).map { ID(id: $0.id.description, requests: $0.requests, near: $1) },
            unmatched: unmatched.map { Path(path: $0.path, requests: $0.requests, latest: $0.latest.description) },
            handshakes: handshakes.map { HandshakeDocument($0) })
    }
}

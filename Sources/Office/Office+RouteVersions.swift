package import Attribution
import GRDB

/// One version of a route file.
package struct RouteVersion: Equatable, Sendable {
    /// The first 16 hex digits of the file's SHA-256, as in a record's `route_version`.
    package let version: String
    /// The route's name.
    package let name: String
    /// The file's text.
    package let source: String

    package init(version: String, name: String, source: String) {
        self.version = version
        self.name = name
        self.source = source
    }
}

extension Office {
    /// Keeps the versions that are not kept yet, with the time at which each was first seen.
    package func recordRouteVersions(_ versions: [RouteVersion], at time: Timestamp) throws {
        try writeUnnoted { db in
            for version in versions {
                try db.execute(
                    sql: """
                        INSERT INTO route_version (version, name, source, first_seen_at) VALUES (?, ?, ?, ?)
                        ON CONFLICT (version) DO NOTHING
                        """,
                    arguments: [version.version, version.name, version.source, time.microseconds])
            }
        }
    }

    /// The route file's text as it was in that version; nil when the version was never seen.
    package func routeSource(version: String) throws -> String? {
        try routeVersion(version)?.version.source
    }

    /// The version and when it was first seen; nil when it never was.
    package func routeVersion(_ version: String) throws -> (version: RouteVersion, firstSeenAt: Timestamp)? {
        try read { db in
            try Row.fetchOne(
                db, sql: "SELECT version, name, source, first_seen_at FROM route_version WHERE version = ?", arguments: [version]
            ).map { (RouteVersion(version: $0[0], name: $0[1], source: $0[2]), Timestamp(microseconds: $0[3])) }
        }
    }
}

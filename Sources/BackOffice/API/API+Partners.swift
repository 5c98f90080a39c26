import Attribution
import Foundation
import Hummingbird
import Logging
import NIOCore
package import Office

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `GET partners?search=&status=&after=&limit=` | | partners by ID, and what to go on behind; the `ETag` is the directory's |
    /// | `GET partners/{id}` | | the partner, with an `ETag` |
    /// | `PATCH partners/{id}?dry-run=0\|1&source=TEXT` | ``PartnerPatch`` | ``DirectoryReport``, with the new `ETag` after a change |
    /// | `GET partners/{id}/history` | | all states it had |
    /// | `GET partners/{id}/check` | | whether a sign-up with it is attributed, and why not |
    /// | `POST partners/import?dry-run=0\|1&file=NAME&source=TEXT` | a partner CSV | ``DirectoryReport`` |
    ///
    /// With `If-Match`, one partner is changed only if it is what its `ETag` said, and a CSV is imported only into the directory
    /// whose version a dry run reported as `based_on`: then nothing is changed that was not seen before.
    func addPartners(to group: RouterGroup<BackOfficeContext>) {
        group.get("partners") { request, context in
            try await partners(request, try context.require(.auditor))
        }
        group.post("partners/import") { request, context in try await importPartners(request, try context.require(.admin)) }
        group.get("partners/:id") { _, context in
            let identity = try context.require(.auditor)
            return try await partner(try context.parameters.partnerID(), identity)
        }
        group.get("partners/:id/history") { _, context in
            let identity = try context.require(.auditor)
            let id = try context.parameters.partnerID()
            let history = try await desks.office { try $0.history(of: id) }
            guard !history.isEmpty else { throw Self.unknown(id) }
            try await desks.note(identity, .partnerRead, "\(id), its history")
            return try Response(json: history.map(PartnerStateDocument.init))
        }
        group.get("partners/:id/check") { _, context in
            _ = try context.require(.marketing)
            return try Response(json: await desks.check(context.parameters.text("id")))
        }
        group.patch("partners/:id") { request, context in
            let identity = try context.require(.admin)
            return try await setPartner(request, try context.parameters.partnerID(), identity)
        }
    }

    private static let usualPartners = 100
    private static let mostPartners = 1_000

    private struct PartnerPage: Encodable {
        let partners: [Partner]
        /// The ID to go on behind; absent at the end.
        let next: String?
    }

    private func partners(_ request: Request, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["search", "status", "parent", "after", "limit"])
        let limit = try request.limit(default: Self.usualPartners, most: Self.mostPartners)
        let search = try PartnerSearch(
            text: request.query("search"), status: request.query("status"), parent: request.query("parent"),
            after: request.query("after"))
        let (found, version) = try await desks.office { office in
            // The version goes first: a list that is newer than its tag is only asked for once more.
            let version = try office.currentDirectoryVersion()?.number ?? 0
            return (try office.partners(search, limit: limit + 1), version)
        }
        let page = Array(found.prefix(limit))
        try await desks.note(identity, .partnerRead, "list" + (request.uri.query.map { " " + $0 } ?? ""))
        var response = try Response(
            json: PartnerPage(partners: page, next: found.count > limit ? page.last?.id.description : nil))
        response.headers[.eTag] = EntityTags.field(String(version))
        return response
    }

    static func unknown(_ id: PartnerID) -> Problem {
        Problem(.notFound, type: "unknown-partner", detail: "partner \(id) is not in the directory")
    }

    private func partner(_ id: PartnerID, _ identity: Identity) async throws -> Response {
        guard let entry = try await desks.office({ try $0.history(of: id).last }) else { throw Self.unknown(id) }
        try await desks.note(identity, .partnerRead, id.description)
        var response = try Response(json: entry.partner)
        response.headers[.eTag] = EntityTags.field(String(entry.version.number))
        return response
    }

    private func importPartners(_ request: Request, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["dry-run", "file", "source"])
        let fileName = request.query("file") ?? "partners.csv"
        let body = try await request.body.collect(upTo: PartnerCSV.maximumFileBytes)
        let isDryRun = try request.flag("dry-run")
        let report = try await desks.directory.importPartners(
            csv: Array(body.readableBytesView), fileName: fileName, source: request.query("source") ?? source(fileName, identity),
            by: identity.caller, dryRun: isDryRun, basedOn: EntityTags(request).versions)
        return try await answer(report, of: fileName, identity)
    }

    private func setPartner(_ request: Request, _ id: PartnerID, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["dry-run", "source"])
        let patch = try await request.json(PartnerPatch.self, expected: "a JSON object of a partner's fields and texts")
        let isDryRun = try request.flag("dry-run")
        let report = try await desks.directory.setPartner(
            patch.change(of: id), source: request.query("source") ?? source("API", identity), by: identity.caller,
            dryRun: isDryRun, onlyIf: PartnerCondition(request))
        var response = try await answer(report, of: id.description, identity)
        if let version = report.directoryVersion { response.headers[.eTag] = EntityTags.field(String(version)) }
        return response
    }

    func source(_ what: String, _ identity: Identity) -> String { "\(what) by \(identity.name)" }

    private func answer(_ report: DirectoryReport, of what: String, _ identity: Identity) async throws -> Response {
        if let version = report.directoryVersion {
            // Numbers only in the server's log: what partners are called is not its business.
            logger.info(
                "the partner directory changed",
                metadata: ["directory_version": "\(version)", "added": "\(report.added)", "changed": "\(report.changed)"])
        } else if !report.differences.isEmpty {
            try await desks.note(identity, .partnerRead, "\(what), what would change")
        }
        return try Response(json: report)
    }
}

/// A partner as it was from one version of the directory on.
package struct PartnerStateDocument: Encodable {
    let directoryVersion: Int
    let learnedAt: String
    let source: String
    let partner: Partner

    enum CodingKeys: String, CodingKey {
        case directoryVersion = "directory_version"
        case learnedAt = "learned_at"
        case source, partner
    }

    package init(_ entry: PartnerHistoryEntry) {
        directoryVersion = entry.version.number
        learnedAt = entry.version.learnedAt.description
        source = entry.version.source
        partner = entry.partner
    }
}

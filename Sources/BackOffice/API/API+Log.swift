import Attribution
import Foundation
import Hummingbird
import Ledger
import NIOCore
import Office

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET log?FILTER&before=&limit=` | records, the newest first, and what to go on behind |
    /// | `GET log.csv?FILTER`, `GET log.ndjson?FILTER` | all records that fit, oldest first, streamed |
    /// | `GET log/{receipt}` | one record, with its adjustments and the notes about it |
    /// | `POST log/{receipt}/adjustment` | adjusts it: ``AdjustmentOrder`` |
    /// | `GET partners/{id}/statement?month=YYYY-MM` and `statement.csv` | a partner's records of a month |
    func addLog(to group: RouterGroup<BackOfficeContext>) {
        group.get("log") { request, context in try await log(request, try context.require(.auditor)) }
        for format in LogFormat.allCases {
            group.get("log.\(format.rawValue)") { request, context in
                try await export(request, as: format, try context.require(.auditor))
            }
        }
        group.get("log/:receipt") { _, context in
            try await record(try context.parameters.receipt(), try context.require(.auditor))
        }
        group.post("log/:receipt/adjustment") { request, context in
            try await adjust(request, try context.parameters.receipt(), try context.require(.admin))
        }
        group.get("partners/:id/statement") { request, context in
            try await statement(request, try context.parameters.partnerID(), as: nil, try context.require(.auditor))
        }
        group.get("partners/:id/statement.csv") { request, context in
            try await statement(request, try context.parameters.partnerID(), as: .csv, try context.require(.auditor))
        }
    }

    private static let usualRecords = 50
    private static let mostRecords = 1_000

    private static let filterParameters = RecordFilter.Part.allCases.map(\.rawValue)

    private func log(_ request: Request, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: Self.filterParameters + ["before", "limit"])
        let filter = try RecordFilter { request.query($0.rawValue) }
        let limit = try request.limit(default: Self.usualRecords, most: Self.mostRecords)
        let before = try request.sequence("before")
        let page = try await desks.ledger.read { try $0.page(matching: filter, before: before ?? .max, limit: limit) }
        try await desks.note(
            identity, .logRead, RecordFilter.summary { request.query($0.rawValue) } + (before.map { "&before=\($0)" } ?? ""))
        var json: [UInt8] = Array(#"{"records":"#.utf8)
        RecordJSON.append(page.records, to: &json)
        if let next = page.next { json += ",\"next\":\"\(next)\"".utf8 }
        json += "}".utf8
        return Response(jsonBytes: json)
    }

    private func record(_ receipt: Receipt, _ identity: Identity) async throws -> Response {
        let found = try await desks.ledger.read { reader in
            (
                record: try reader.record(receipt: receipt)?.record,
                adjustments: try reader.adjustments(of: receipt).compactMap(\.record)
            )
        }
        guard let record = found.record else { throw AdjustmentRefusal.unknownReceipt(receipt) }
        let notes = try await desks.office { try $0.notes(on: receipt) }
        try await desks.note(identity, .recordRead, receipt.description)
        var json: [UInt8] = Array(#"{"record":"#.utf8)
        RecordJSON.append(record, to: &json)
        json += ",\"adjustments\":".utf8
        RecordJSON.append(found.adjustments, to: &json)
        json += ",\"notes\":".utf8
        json += try JSONEncoder().encode(notes.map(NoteDocument.init))
        json += "}".utf8
        return Response(jsonBytes: json)
    }

    private func export(_ request: Request, as format: LogFormat, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: Self.filterParameters)
        let filter = try RecordFilter { request.query($0.rawValue) }
        let summary = RecordFilter.summary { request.query($0.rawValue) }
        try await desks.note(identity, .logExport, "\(format.rawValue) \(summary)")
        return LogStream(ledger: desks.ledger, filter: filter, format: format).response(fileName: "porter-log")
    }

    private func adjust(_ request: Request, _ receipt: Receipt, _ identity: Identity) async throws -> Response {
        let order = try await request.json(
            AdjustmentOrder.self, members: ["partner", "note"],
            expected: #"a JSON object such as {"partner": "1234567", "note": "why"}; partner may be null"#)
        let partner = try order.partner.map { text in
            guard let id = PartnerID(text) else {
                throw Problem.invalidRequest("partner is \(PartnerText.quoted(text)), expected 1 to 10 digits")
            }
            return id
        }
        let adjustment = try await desks.adjustments.adjust(receipt, partner: partner, note: order.note, by: identity.caller)
        return try Response(json: AdjustmentReport(receipt: adjustment.description), status: .created)
    }

    private func statement(
        _ request: Request, _ id: PartnerID, as format: LogFormat?, _ identity: Identity
    ) async throws -> Response {
        let month = try request.month()
        try await desks.note(identity, .statement, "\(id) \(month)")
        return LogStream(
            ledger: desks.ledger, statement: PartnerStatement(of: id, in: month), format: format ?? .ndjson
        ).response(fileName: "statement-\(id)-\(month)")
    }
}

/// What `POST log/{receipt}/adjustment` takes.
package struct AdjustmentOrder: Codable, Sendable {
    /// null takes an earlier adjustment back.
    package let partner: String?
    package let note: String

    package init(partner: String?, note: String) {
        self.partner = partner
        self.note = note
    }
}

/// What it answers: the adjustment's own receipt.
package struct AdjustmentReport: Codable, Sendable {
    package let receipt: String

    package init(receipt: String) {
        self.receipt = receipt
    }
}

extension Request {
    /// Where a page ended.
    func sequence(_ name: String) throws -> Int64? {
        guard let text = query(name) else { return nil }
        guard let sequence = Int64(text), sequence > 0 else {
            throw Problem.invalidRequest("\(name) is \(PartnerText.quoted(text)), expected the next of a page before")
        }
        return sequence
    }
}

extension Parameters {
    func receipt() throws -> Receipt {
        let text = get("receipt") ?? ""
        guard let receipt = Receipt(text) else {
            throw Problem.notFound("\(PartnerText.quoted(text)) is no receipt; it has 26 letters and digits")
        }
        return receipt
    }
}

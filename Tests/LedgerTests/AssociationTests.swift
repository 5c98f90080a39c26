import Attribution
import Foundation
import Testing

@testable import Ledger

@Suite("Associations")
struct AssociationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func draft(
        _ number: Int, partner: String?, replacing replaced: String? = nil, conflict: Int64? = nil
    ) -> AssociationDraft {
        let time = Timestamp.noon.adding(seconds: Double(number))
        var fields = Record()
        fields[.subscription] = .text("sub-1")
        fields[.change] = .number(Int64(number))
        fields[.by] = .text("admin")
        fields[.product] = .text("office-365")
        fields[.channel] = .text("direct")
        fields[.partner] = partner.map { .text($0) }
        fields[.replaces] = replaced.map { .text($0) }
        fields[.program] = partner.map { _ in .text("sell") }
        fields[.tenant] = .text("contoso.example")
        fields[.actor] = .text("anna é\u{202E}")
        fields[.conflict] = conflict.map { .number($0) }
        // What an association does not say is left out.
        fields[.route] = .text("no-such")
        return AssociationDraft(
            receipt: Receipt(time: time, random16: 7, random64: UInt64(number)), time: time, directoryVersion: 3, fields: fields)
    }

    @Test("are records of their own, in their order and behind sign-ups, and verify; tenant and actor are in no leaf")
    func recorded() async throws {
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([.sample(1)])
        let drafts = [draft(1, partner: "1234567"), draft(2, partner: nil, replacing: "1234567", conflict: 7)]
        #expect(await writer.append(drafts))
        try writer.appendAndWait([.sample(2)])
        writer.close()
        let reader = try LedgerReader.open(folder: folder.path)
        let stored = try #require(try reader.record(receipt: drafts[0].receipt))
        let record = try #require(stored.record)
        #expect(record.number(.sequence) == 2 && record.kind == .association && record.text(.partner) == "1234567")
        #expect(record.text(.subscription) == "sub-1" && record.number(.change) == 1 && record.number(.directoryVersion) == 3)
        #expect(record.text(.tenant) == "contoso.example" && record.text(.actor) == "anna é\u{202E}")
        #expect(record.text(.route) == nil && record.text(.outcome) == nil)
        #expect(!String(decoding: stored.leaf, as: UTF8.self).contains("contoso"))
        #expect(record.number(.conflict) == nil)
        let decision = try #require(try reader.record(receipt: drafts[1].receipt))
        let second = try #require(decision.record)
        // In the leaf: that it was a decision is known when all that is personal is erased.
        #expect(second.number(.conflict) == 7 && String(decoding: decision.leaf, as: UTF8.self).contains("\"conflict\":7,"))
        #expect(second.number(.sequence) == 3 && second.text(.partner) == nil && second.text(.replaces) == "1234567")
        let report = try reader.verify { _, _ in }
        #expect(report.isSound && report.records == 4, "\(report.findings)")
    }

    @Test("count as nothing, before and after the counters are written, and after a restart")
    func uncounted() async throws {
        let writer = try LedgerWriter.open(folder)
        #expect(await writer.append([draft(1, partner: "1234567")]))
        try writer.appendAndWait([.sample(1)])
        #expect(await writer.append([draft(2, partner: nil, replacing: "1234567")]))
        func check() throws {
            let reader = try LedgerReader.open(folder: folder.path)
            let table = try reader.counts(try CountQuery(dimensions: [.partner]))
            #expect(table.lines.map(\.values) == [["1234567"]] && table.lines.map(\.tally.requests) == [1])
            #expect(!table.hasAdjustments)
            #expect(try reader.hasAssociations())
        }
        try check()
        writer.close()
        try check()
        let again = try LedgerWriter.open(folder)
        #expect(await again.append([draft(3, partner: "1234567")]))
        again.close()
        try check()
        #expect(try LedgerReader.open(folder: folder.path).verify { _, _ in }.isSound)
    }

    @Test("say on their line who is it, that nobody is any more or that nobody was, and which conflict they decide")
    func line() {
        func line(_ draft: AssociationDraft) -> String { RecordLine(draft.record).description }
        let added = line(draft(1, partner: "1234567"))
        #expect(added.contains("  associated   1234567  ") && !added.contains("conflict="))
        #expect(line(draft(2, partner: nil, replacing: "1234567")).contains("  removed  "))
        let left = line(draft(3, partner: nil, conflict: 7))
        #expect(left.contains("  without  ") && left.contains("  change=3  by=admin  conflict=7"))
    }

    @Test("have columns in exports once there are any, and are in no partner's statement")
    func exported() async throws {
        #expect(!RecordCSV(hasAdjustments: true).fields.contains(.subscription))
        #expect(RecordCSV(hasAdjustments: true).fields.last == .signature)
        let columns = RecordCSV(hasAdjustments: false, hasAssociations: true).fields
        #expect(columns.suffix(3) == [.tenant, .actor, .conflict] && columns.contains(.replaces) && !columns.contains(.adjusts))
        let writer = try LedgerWriter.open(folder)
        #expect(await writer.append([draft(1, partner: "1234567")]))
        writer.close()
        let reader = try LedgerReader.open(folder: folder.path)
        let month = try #require(CalendarMonth("2016-10"))
        var found = 0
        let filter = PartnerStatement(of: PartnerID(1_234_567)!, in: month).filter
        try reader.forEachRecord(matching: filter) { _, _ in
            found += 1
            return true
        }
        #expect(found == 0)
    }
}

import Attribution
import Foundation
import Testing

@testable import Ledger

@Suite("Adjustments")
struct AdjustmentTests {
    private let folder: TemporaryFolder
    private static let mistyped = RecordDraft.sample(1) { draft in
        draft.outcome = .unknown
        draft.partner = PartnerID(7_654_321)
        draft.partnerIsListed = false
        draft.campaign = "spring"
    }

    init() throws { folder = try TemporaryFolder() }

    private func draft(
        _ number: UInt64, to partner: PartnerID?, replacing replaced: PartnerID? = nil, note: String = "typed wrong"
    ) throws -> AdjustmentDraft {
        let signup = try #require(try LedgerReader.open(folder: folder.path).record(receipt: Self.mistyped.receipt)?.record)
        let time = Timestamp.noon.adding(seconds: 86_400 * Double(number))
        return try #require(
            AdjustmentDraft(
                of: signup, partner: partner, replaces: replaced, directoryVersion: 4, adjustedBy: "anna", note: note,
                receipt: Receipt(time: time, random16: 9, random64: number), time: time))
    }

    private func counts(_ dimensions: [CountDimension]) throws -> [[String]: [Int64]] {
        let table = try LedgerReader.open(folder: folder.path).counts(try CountQuery(dimensions: dimensions))
        return Dictionary(
            uniqueKeysWithValues: table.lines.map { ($0.values, $0.tally.values + [$0.tally.adjusted, $0.tally.net]) })
    }

    @Test("are records of their own that say what was adjusted, by whom and why, and verify")
    func recorded() async throws {
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([Self.mistyped, .sample(2)])
        let note = "typed \"wrong\", says é\u{202E} <b>"
        #expect(await writer.append(try draft(1, to: PartnerID(1_234_567), note: note)))
        try writer.appendAndWait([.sample(3)])
        writer.close()
        let reader = try LedgerReader.open(folder: folder.path)
        let adjustment = try #require(try reader.adjustments(of: Self.mistyped.receipt).first?.record)
        #expect(adjustment.number(.sequence) == 3 && adjustment.text(.kind) == "adjustment")
        #expect(adjustment.text(.adjusts) == Self.mistyped.receipt.description)
        #expect(adjustment.text(.partner) == "1234567" && adjustment.text(.outcome) == "attributed")
        #expect(adjustment.text(.campaign) == "spring" && adjustment.text(.route) == "enterprise-trial")
        #expect(adjustment.text(.adjustedBy) == "anna" && adjustment.text(.note) == note)
        #expect(adjustment.number(.isRepeat) == 0 && adjustment.number(.isTest) == 0)
        let report = try reader.verify { _, _ in }
        #expect(report.isSound && report.records == 4, "\(report.findings)")
        #expect(try reader.record(receipt: Self.mistyped.receipt)?.record?.text(.outcome) == "unknown")
    }

    @Test("are counted beside what was attributed, before and after the counters are written, and after a restart")
    func counted() async throws {
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([Self.mistyped, .sample(2)])
        #expect(await writer.append(try draft(1, to: PartnerID(1_234_567))))
        #expect(try counts([.partner]) == [[""]: [1, 1, 1, 0, 0, 0], ["1234567"]: [1, 1, 1, 1, 1, 2]])
        writer.close()
        #expect(try counts([.partner]) == [[""]: [1, 1, 1, 0, 0, 0], ["1234567"]: [1, 1, 1, 1, 1, 2]])
        #expect(try counts([.campaign, .day])[["spring", "2016-10-04"]] == [0, 0, 0, 0, 1, 1])
        #expect(try counts([.culture]) == [["fr-FR"]: [2, 2, 2, 1, 1, 2]])
    }

    @Test("that replace others take from the one and give to the other; that withdraw only take")
    func replaced() async throws {
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([Self.mistyped])
        let (first, second) = (PartnerID(1_234_567)!, PartnerID(2_345_678)!)
        #expect(await writer.append(try draft(1, to: first)))
        #expect(await writer.append(try draft(2, to: second, replacing: first)))
        #expect(
            try counts([.partner]) == [
                [""]: [1, 1, 1, 0, 0, 0], ["1234567"]: [0, 0, 0, 0, 0, 0], ["2345678"]: [0, 0, 0, 0, 1, 1],
            ])
        #expect(await writer.append(try draft(3, to: nil, replacing: second)))
        writer.close()
        let total = try counts([])
        #expect(total == [[]: [1, 1, 1, 0, 0, 0]])
        let report = try LedgerReader.open(folder: folder.path).verify { _, _ in }
        #expect(report.isSound, "\(report.findings)")
    }

    @Test("are not made of what is no sign-up, or without a change")
    func refused() async throws {
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([Self.mistyped])
        let adjustment = try draft(1, to: PartnerID(1_234_567))
        #expect(await writer.append(adjustment))
        writer.close()
        let reader = try LedgerReader.open(folder: folder.path)
        let record = try #require(try reader.record(receipt: adjustment.receipt)?.record)
        #expect(
            AdjustmentDraft(
                of: record, partner: nil, replaces: PartnerID(1_234_567), directoryVersion: 1, adjustedBy: "", note: "",
                receipt: .zero, time: .noon) == nil)
    }
}

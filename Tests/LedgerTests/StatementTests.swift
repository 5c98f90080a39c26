import Attribution
import Testing

@testable import Ledger

@Suite("Statements")
struct StatementTests {
    private let folder: TemporaryFolder
    private let month = CalendarMonth(containing: Timestamp.noon.day)
    private static let partner = PartnerID(1_234_567)!
    private static let other = PartnerID(7_000_000)!

    init() throws { folder = try TemporaryFolder() }

    private func totals(_ partner: PartnerID, _ month: CalendarMonth) throws -> StatementTotals {
        let statement = PartnerStatement(of: partner, in: month)
        var totals = StatementTotals(of: statement)
        for record in try records(of: statement) { totals.add(record) }
        return totals
    }

    private func records(of statement: PartnerStatement) throws -> [Record] {
        var records: [Record] = []
        try LedgerReader.open(folder: folder.path).forEachRecord(matching: statement.filter) { _, record in
            if let record { records.append(record) }
            return true
        }
        return records
    }

    /// What the counters have, which know nothing of statements.
    private func countedAdjustments(of partner: PartnerID) throws -> Int64 {
        let query = try CountQuery(
            dimensions: [], filters: [CountFilter(.partner, partner.description)],
            since: QuarterHour(containing: month.first.start), until: QuarterHour(containing: month.next.first.start))
        return try LedgerReader.open(folder: folder.path).counts(query).total.adjusted
    }

    @Test("add up requests, visits and what was attributed, of one partner and one month")
    func signups() throws {
        let later = month.next.first.start
        try writeLedger(
            folder,
            [
                .sample(1), .sample(2) { $0.client = .bot }, .sample(3) { $0.outcome = .suspended },
                .sample(4) { $0.partner = Self.other }, .sample(5, time: later), .sample(6) { $0.method = .head },
            ])
        let sum = try totals(Self.partner, month)
        #expect(sum.requests == 4 && sum.visits == 2 && sum.attributed == 3 && sum.notAttributed == 1)
        #expect(sum.adjusted == 0 && sum.net == 3)
        #expect(try totals(Self.partner, month.next).requests == 1)
        let nothing = StatementTotals(of: PartnerStatement(of: Self.partner, in: month.previous))
        #expect(try totals(Self.partner, month.previous) == nothing)
    }

    @Test("name no other partner, also where a sign-up named two")
    func others() throws {
        try writeLedger(
            folder,
            [
                .sample(1) { draft in
                    (draft.outcome, draft.partner) = (.conflict, nil)
                    draft.claimed = [Self.partner, Self.other]
                    var personal = PersonalFields()
                    personal.partnerRaw = "\(Self.partner)|\(Self.other)"
                    draft.personal = PersonalJSON(personal)
                }
            ])
        let statement = PartnerStatement(of: Self.partner, in: month)
        let records = try records(of: statement)
        #expect(records.count == 1 && RecordLine(records[0]).description.contains(Self.other.description))
        #expect(!RecordLine(statement.told(records[0])).description.contains(Self.other.description))
    }

    @Test("count an adjustment until another one takes it away")
    func adjustments() async throws {
        let signup = RecordDraft.sample(1) { draft in
            draft.outcome = .unknown
            draft.partner = PartnerID(7_654_321)
            draft.partnerIsListed = false
        }
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([signup])
        let record = try #require(try LedgerReader.open(folder: folder.path).record(receipt: signup.receipt)?.record)
        func adjust(_ number: UInt64, to partner: PartnerID?, replacing replaced: PartnerID?) async throws {
            let time = Timestamp.noon.adding(seconds: Double(number))
            let draft = try #require(
                AdjustmentDraft(
                    of: record, partner: partner, replaces: replaced, directoryVersion: 4, adjustedBy: "anna", note: "n",
                    receipt: Receipt(time: time, random16: 9, random64: number), time: time))
            #expect(await writer.append(draft))
        }
        try await adjust(1, to: Self.partner, replacing: nil)
        #expect(try totals(Self.partner, month).net == 1)
        try await adjust(2, to: Self.other, replacing: Self.partner)
        #expect(try totals(Self.partner, month).net == 0)
        #expect(try totals(Self.other, month).net == 1)
        try await adjust(3, to: nil, replacing: Self.other)
        #expect(try totals(Self.other, month).net == 0)
        writer.close()
        for partner in [Self.partner, Self.other] {
            #expect(try totals(partner, month).adjusted == countedAdjustments(of: partner))
        }

        // Each hears what was given to it and what was taken back, and not who was given it instead.
        let first = PartnerStatement(of: Self.partner, in: month)
        let told = try records(of: first).map(first.told)
        #expect(told.map { $0.text(.partner) } == [Self.partner.description, nil])
        #expect(told.map { $0.text(.outcome) } == ["attributed", nil])
        #expect(try records(of: first).map(first.takesBack) == [false, true])
        let second = PartnerStatement(of: Self.other, in: month)
        #expect(try records(of: second).map(second.told).map { $0.text(.partner) } == [Self.other.description, nil])
    }

    @Test("months follow each other over the turn of the year")
    func months() throws {
        let december = try #require(CalendarMonth("2016-12"))
        #expect(december.next.description == "2017-01" && december.previous.description == "2016-11")
        #expect(december.next.previous == december)
    }
}

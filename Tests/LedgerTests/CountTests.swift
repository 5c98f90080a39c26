import Attribution
import Foundation
import Testing

@testable import Ledger

@Suite("Counts")
struct CountTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What a count must be, straight from the drafts and the repeats of their records.
    private func expected(
        _ by: (RecordDraft) -> [String],
        _ drafts: [RecordDraft],
        _ repeats: [Bool]
    ) -> [CountTable.Line] {
        var tallies: [[String]: CounterTally] = [:]
        for (draft, isRepeat) in zip(drafts, repeats) {
            var tally = tallies[by(draft)] ?? CounterTally()
            tally.requests += 1
            tally.visits += draft.isVisit ? 1 : 0
            tally.unique += draft.isVisit && !isRepeat ? 1 : 0
            tally.attributed += draft.outcome == .attributed ? 1 : 0
            tallies[by(draft)] = tally
        }
        return tallies.map { CountTable.Line(values: $0, tally: $1) }
    }

    private func counts(_ dimensions: [CountDimension], zone: String = "GMT") throws -> CountTable {
        let query = try CountQuery(dimensions: dimensions, timeZone: TimeZone(identifier: zone)!)
        return try LedgerReader.open(folder: folder.path).counts(query)
    }

    private func sorted(_ lines: some Sequence<CountTable.Line>) -> [CountTable.Line] {
        lines.sorted { $0.values.lexicographicallyPrecedes($1.values) }
    }

    @Test("equal a recount of random records, at every moment and after restarts", arguments: [1, 2])
    func agree(seed: UInt64) throws {
        var random = RandomDrafts(seed: seed)
        var drafts: [RecordDraft] = []
        var repeats: [Bool] = []
        for _ in 0..<2 {
            let writer = try LedgerWriter.open(folder)
            for portion in [1, 900, 2_000, 13] {
                let next = random.take(portion)
                drafts += next
                try writer.appendAndWait(next)
                #expect(try counts([]).total.requests == Int64(drafts.count))
            }
            repeats = try LedgerReader.open(folder: folder.path).all().map { $0.record?.number(.isRepeat) == 1 }
            let byOutcome = try counts([.outcome, .reason, .client, .clientOS])
            let recount = expected(
                { [$0.outcome.rawValue, $0.reason?.rawValue ?? "", $0.client.rawValue, $0.clientOS?.rawValue ?? ""] }, drafts,
                repeats)
            #expect(sorted(byOutcome.lines) == sorted(recount))
            writer.close()
        }
        let byRest = try counts([.route, .edition, .action, .origin, .campaign, .partner])
        let recount = expected(
            {
                [
                    $0.route.name, $0.route.endpoint?.edition.rawValue ?? "", $0.route.endpoint?.action.rawValue ?? "",
                    $0.route.origin, $0.campaign ?? "", $0.partnerIsListed ? $0.partner!.description : "",
                ]
            }, drafts, repeats)
        #expect(sorted(byRest.lines) == sorted(recount))
        let byPlace = try counts([.culture, .country, .day])
        #expect(
            sorted(byPlace.lines)
                == sorted(
                    expected({ [$0.culture?.tag ?? "", $0.country?.code ?? "", $0.time.day.description] }, drafts, repeats)))
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.findings == [])
        #expect(report.records == Int64(drafts.count))
    }

    @Test("are there from the first record on, before any counter is written")
    func tail() throws {
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([.sample(1), .sample(2) { $0.outcome = .missing }])
        #expect(try value(folder, "SELECT counted_through FROM state") == 0)
        #expect(try counts([.outcome]).lines.map(\.values) == [["attributed"], ["missing"]])
        writer.close()
        #expect(try value(folder, "SELECT counted_through FROM state") == 2)
        #expect(try counts([.outcome]).lines.map(\.values) == [["attributed"], ["missing"]])
    }

    @Test("write the counters behind the records when enough wait, with the records' own commits")
    func writtenBehind() throws {
        let writer = try LedgerWriter.open(folder)
        for start in stride(from: 0, to: 9_000, by: 100) {
            try writer.appendAndWait((start..<start + 100).map { .sample(UInt64($0)) })
        }
        #expect(writer.statistics.commits == 90)
        #expect(writer.statistics.upkeepCommits == 0)
        let through = try #require(try value(folder, "SELECT counted_through FROM state"))
        #expect(through >= 9_000 - DerivedState.maximumRecords - 100)
        writer.close()
    }

    @Test("write counters and notes by themselves when no record comes")
    func upkeep() throws {
        var settings = LedgerSettings()
        settings.upkeepMilliseconds = 1
        let writer = try LedgerWriter.open(folder, settings: settings)
        try writer.appendAndWait([.sample(1)])
        writer.noteUnmatched(path: Array("/wp-login.php".utf8)[...], time: .noon)
        let limit = ContinuousClock.now + .seconds(60)
        while try value(folder, "SELECT (SELECT counted_through FROM state) + (SELECT count(*) FROM unmatched_path)") != 2 {
            try #require(ContinuousClock.now < limit)
        }
        #expect(writer.statistics.commits == 1)
        writer.close()
    }

    @Test("have one line for campaigns that are canonically equivalent, however they come and are recounted")
    func equivalentCampaigns() throws {
        let writer = try LedgerWriter.open(folder)
        let composed = "\u{E9}t\u{E9}", decomposed = "e\u{301}te\u{301}"
        // In two lives of the writer: the second learns the names from the counters.
        try writer.appendAndWait([.sample(1) { $0.campaign = composed }])
        writer.close()
        let next = try LedgerWriter.open(folder)
        try next.appendAndWait([.sample(2) { $0.campaign = decomposed }, .sample(3) { $0.campaign = composed }])
        next.close()
        #expect(try counts([.campaign]).lines.map { [UInt8]($0.values[0].utf8) } == [[UInt8](composed.utf8)])
        let reader = try LedgerReader.open(folder: folder.path)
        let query = try CountQuery(dimensions: [], filters: [CountFilter(.campaign, decomposed)], timeZone: .gmt)
        #expect(try reader.counts(query).total.requests == 3)
        #expect(try reader.verify().findings.isEmpty)
    }

    @Test("name a thousand campaigns of a day, in the order of the records, and add the others up")
    func campaignBound() throws {
        let next = Timestamp.noon.adding(seconds: 86_400)
        var drafts: [RecordDraft] = []
        for number in 0..<1_200 { drafts.append(.sample(UInt64(number), network: nil) { $0.campaign = "c\(number)" }) }
        drafts.append(.sample(2_000, network: nil) { $0.campaign = "c1100" })
        drafts.append(.sample(2_001, network: nil) { $0.campaign = "c5" })
        drafts.append(.sample(2_002, network: nil) { $0.campaign = "other" })
        drafts.append(.sample(2_003, time: next, network: nil) { $0.campaign = "c1100" })
        // In portions over restarts, so that the names of the day are read back.
        try writeLedger(folder, Array(drafts[..<990]))
        try writeLedger(folder, Array(drafts[990...]), portion: 7)
        let table = try counts([.day, .campaign])
        #expect(table.lines.filter { $0.values[0] == "2016-10-03" }.count == 1_001)
        func requests(_ day: String, _ campaign: String) -> Int64? {
            table.lines.first { $0.values == [day, campaign] }?.tally.requests
        }
        #expect(requests("2016-10-03", "other") == 202)
        #expect(requests("2016-10-03", "c5") == 2)
        #expect(requests("2016-10-03", "c999") == 1)
        #expect(requests("2016-10-03", "c1000") == nil)
        #expect(requests("2016-10-04", "c1100") == 1)
        #expect(try LedgerReader.open(folder: folder.path).verify().findings == [])
    }

    @Test("sort partners by number and leave IDs out that are in no directory")
    func partners() throws {
        try writeLedger(
            folder,
            [
                .sample(1) { $0.partner = PartnerID(99_999) }, .sample(2) { $0.partner = PartnerID(1_000_000) },
                .sample(3) {
                    $0.partner = PartnerID(5)
                    $0.partnerIsListed = false
                    $0.outcome = .unknown
                },
            ])
        #expect(try counts([.partner]).lines.map(\.values) == [[""], ["99999"], ["1000000"]])
    }

    @Test("list periods in the order of time, also where clocks go back over midnight")
    func periodOrder() throws {
        // In Paris clocks went back from 03:00 to 02:00 on 30 October 2016, at Casey station from 02:00 to 23:00 on 5 March 2010.
        let paris = ["2016-10-30T01:00:00Z", "2016-10-30T00:00:00Z", "2016-10-29T23:00:00Z"]
        let casey = ["2010-03-04T15:30:00Z", "2010-03-04T14:30:00Z", "2010-03-04T12:30:00Z"]
        try writeLedger(
            folder,
            (paris + casey).enumerated().map { number, time in
                .sample(UInt64(number), time: Timestamp(rfc3339: time)!) { $0.outcome = number == 2 ? .missing : .attributed }
            })
        #expect(
            try counts([.hour], zone: "Europe/Paris").lines.suffix(3).map(\.values)
                == [["2016-10-30T01:00+02:00"], ["2016-10-30T02:00+02:00"], ["2016-10-30T02:00+01:00"]])
        #expect(
            try counts([.outcome, .hour], zone: "Europe/Paris").lines.map(\.values).suffix(3)
                == [
                    ["attributed", "2016-10-30T02:00+02:00"], ["attributed", "2016-10-30T02:00+01:00"],
                    ["missing", "2016-10-30T01:00+02:00"],
                ])
        #expect(
            try counts([.hour], zone: "Antarctica/Casey").lines.prefix(3).map(\.values)
                == [["2010-03-04T23:00+11:00"], ["2010-03-05T01:00+11:00"], ["2010-03-04T23:00+08:00"]])
    }

    @Test("take only the quarter hours of the range")
    func range() throws {
        let times = ["11:59:59.999999", "12:00:00", "12:14:59.999999", "12:15:00"].map {
            Timestamp(rfc3339: "2016-10-03T\($0)Z")!
        }
        try writeLedger(folder, times.enumerated().map { .sample(UInt64($0), time: $1) })
        let bucket = try #require(QuarterHour(startingAt: .noon))
        let query = try CountQuery(dimensions: [], since: bucket, until: QuarterHour(number: bucket.number + 1))
        let reader = try LedgerReader.open(folder: folder.path)
        #expect(try reader.counts(query).total.requests == 2)
        #expect(QuarterHour(startingAt: times[0]) == nil)
    }

    @Test("of an empty ledger are an empty table")
    func empty() throws {
        try LedgerWriter.open(folder).close()
        #expect(try counts([]).lines.isEmpty)
        #expect(try counts([.outcome, .day]).total == CounterTally())
    }

    @Test("have keys whose hashes tell the cases of every closed set apart")
    func keyHashes() {
        var hashes: Set<Int> = []
        var keys = 0
        for outcome in Outcome.allCases {
            for reason in [nil] + Reason.allCases {
                for client in ClientKind.allCases {
                    for system in [nil] + ClientOS.allCases {
                        let draft = RecordDraft.sample {
                            $0.outcome = outcome
                            $0.reason = reason
                            $0.client = client
                            $0.clientOS = system
                        }
                        let key = CountedRecord(draft, isRepeat: false).key
                        #expect(key.hashValue == CountedRecord(draft, isRepeat: true).key.hashValue)
                        hashes.insert(key.hashValue)
                        keys += 1
                    }
                }
            }
        }
        #expect(hashes.count == keys)
    }

    @Test("refuse what culture and country cannot be counted by")
    func places() throws {
        #expect(throws: CountQueryError.notWithPlaces(.route)) { try CountQuery(dimensions: [.culture, .route]) }
        #expect(throws: CountQueryError.notWithPlaces(.hour)) { try CountQuery(dimensions: [.country, .hour]) }
        #expect(throws: CountQueryError.placesNeedUTC) {
            try CountQuery(dimensions: [.country], timeZone: TimeZone(identifier: "Europe/Paris")!)
        }
        #expect(throws: CountQueryError.placesNeedWholeDays) {
            try CountQuery(dimensions: [.country], since: QuarterHour(startingAt: .noon))
        }
        _ = try CountQuery(dimensions: [.culture, .country, .day, .week, .month])
    }
}

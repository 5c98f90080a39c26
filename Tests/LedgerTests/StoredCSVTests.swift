import Attribution
import Foundation
import Testing

@testable import Ledger

@Suite("CSV of records as they are stored")
struct StoredCSVTests {
    private let csv = RecordCSV(hasAdjustments: true)

    private func straight(_ stored: StoredRecord) -> [UInt8]? {
        var bytes: [UInt8] = []
        return csv.append(stored, to: &bytes) ? bytes : nil
    }

    private func byFields(_ stored: StoredRecord) throws -> [UInt8] {
        var bytes: [UInt8] = []
        csv.append(try #require(stored.record), to: &bytes)
        return bytes
    }

    @Test("is that of their fields, whatever was sent", arguments: [61])
    func same(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = RandomDrafts(seed: seed)
        var drafts = random.take(400)
        let agents = ["=cmd", "a,b;=c", " -1", "say \"no\"", "é\u{202E}", "x\\y", "", ";+1", "plain", "\u{1}", "[a]"]
        for place in drafts.indices {
            drafts[place].personal.fields.userAgent = agents[place % agents.count]
            drafts[place].claimed = (0..<place % 5).compactMap { PartnerID(UInt64($0 + 1)) }
        }
        try writeLedger(folder, drafts)
        var records = 0
        try LedgerReader.open(folder: folder.path).forEachStored(matching: RecordFilter()) { stored in
            let expected = try byFields(stored)
            #expect(straight(stored) == expected, "\(String(decoding: expected, as: UTF8.self))")
            #expect(straight(stored.with(personal: nil)) == (try byFields(stored.with(personal: nil))))
            records += 1
            return true
        }
        #expect(records == 400)
    }

    @Test("is refused where the fields can't be read")
    func damaged() throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, [.sample(1)])
        let stored = try #require(try LedgerReader.open(folder: folder.path).all().first)
        let leaf = String(decoding: stored.leaf, as: UTF8.self)
        for other in [
            "", "{", "{}x", leaf + " ", String(leaf.dropLast()), leaf.replacing("\"kind\"", with: "\"kinder\""),
            leaf.replacing("\"seq\":1", with: "\"seq\":x"), leaf.replacing("\"claimed\":[\"1234567\"]", with: "\"claimed\":[]"),
            leaf.replacing("\"signup\"", with: "\"\\u1234\""),
        ] {
            let damaged = stored.with(leaf: Array(other.utf8))
            #expect(damaged.record == nil && straight(damaged) == nil, "\(other)")
        }
        #expect(straight(stored.with(personal: Array("{\"ip\":\"a\",\"kind\":\"b\"}".utf8))) == nil)
    }

    @Test("of a filter has the records that fit")
    func filtered() throws {
        let folder = try TemporaryFolder()
        var random = RandomDrafts(seed: 62)
        try writeLedger(folder, random.take(300))
        let reader = try LedgerReader.open(folder: folder.path)
        let filter = RecordFilter.with(\.outcome, .malformed)
        var found: [Int64] = []
        try reader.forEachStored(matching: filter, after: 20, before: 250) { stored in
            found.append(stored.sequence)
            return true
        }
        let expected = try reader.all(filter).map(\.sequence).filter { $0 > 20 && $0 < 250 }
        #expect(found == expected && !found.isEmpty)
    }
}

extension StoredRecord {
    fileprivate func with(leaf: [UInt8]? = nil, personal: [UInt8]?) -> StoredRecord {
        StoredRecord(
            sequence: sequence, leaf: leaf ?? self.leaf, hash: hash, partnerIsListed: partnerIsListed, salt: salt,
            personal: personal)
    }

    fileprivate func with(leaf: [UInt8]) -> StoredRecord { with(leaf: leaf, personal: personal) }
}

import Foundation
import GRDB
import Testing

@testable import Attribution
@testable import Ledger

@Suite("The article LedgerFormat")
struct FormatArticleTests {
    private let folder: TemporaryFolder
    private let article: String

    init() throws {
        folder = try TemporaryFolder()
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "Sources/porter/Porter.docc/LedgerFormat.md")
        article = try String(contentsOf: file, encoding: .utf8)
    }

    /// The lines between a fence that begins so and the next.
    private func block(_ fence: String) throws -> String {
        let lines = article.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == "```" + fence })
        let end = try #require(lines[(start + 1)...].firstIndex { $0 == "```" })
        return lines[(start + 1)..<end].joined(separator: "\n")
    }

    /// Runs the article's script; its output and status.
    private func check(_ sequence: Int64) throws -> (output: String, status: Int32) {
        let script = folder.path + "/check.py"
        try Data((try block("python") + "\n").utf8).write(to: URL(filePath: script))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script, folder.ledger, String(sequence)]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus)
    }

    /// The record of the worked example, as the writer would write it.
    private func exampleDraft() throws -> RecordDraft {
        let time = try #require(Timestamp(rfc3339: "2016-10-03T08:09:10.123456Z"))
        return .sample(time: time) { draft in
            draft.receipt = Receipt(time: time, random16: 0x1234, random64: 0x5678_9ABC_DEF0_1234)
            draft.personal.fields.address = VisitorAddress(network: [], recorded: "203.0.113.0")
            draft.personal.fields.location =
                "https://signup.example.com/Signup?OfferId=101bde18-5ffb-4d79-a47b-f5b2c62525b3&msppid=1234567"
            draft.personal.fields.partnerRaw = "1234567"
            draft.personal.fields.dropped = ["utm_source"]
        }
    }

    @Test("its worked example is what the writer writes, to the byte")
    func example() throws {
        let draft = try exampleDraft()
        let queue = try LedgerFile.openForWriting(folder: folder.path)
        try queue.inDatabase { database in
            let salts = SaltPool { buffer in for index in buffer.indices { buffer[index] = UInt8(index & 0xFF) } }
            var insertion = try RecordInsertion(database, node: "gateway-1", salts: salts)
            let visitor = Visitor(hex: "00112233445566778899aabbccddeeff")
            try insertion.insert(draft, sequence: 1, visitor: visitor, isRepeat: false)
            try insertion.finish()
        }
        let stored = try #require(try LedgerReader.open(folder: folder.path).all().first)
        #expect(String(decoding: stored.leaf, as: UTF8.self) == (try block("json leaf")))
        #expect(stored.hash == bytes(hex: try block("text hash")))
        #expect(stored.salt == bytes(hex: try block("text salt")))
        #expect(stored.personal.map { String(decoding: $0, as: UTF8.self) } == (try block("json personal")))
        #expect(try check(1) == ("", 0))
    }

    @Test("its script has at most 40 lines and is content with any ledger that the writer writes")
    func script() throws {
        #expect(try block("python").split(separator: "\n", omittingEmptySubsequences: false).count <= 40)
        var random = RandomDrafts(seed: 8)
        try writeLedger(folder, random.take(10))
        for sequence in 1...10 as ClosedRange<Int64> { #expect(try check(sequence) == ("", 0)) }
        #expect(try check(11).status == 1)
        try tamper(folder, "UPDATE record SET salt = NULL, personal = NULL WHERE seq = 3")
        #expect(try check(3) == ("", 0))
    }

    @Test("its script finds one changed byte, wherever it is", arguments: ["leaf", "hash", "salt", "personal"])
    func changedByte(column: String) throws {
        try writeLedger(folder, [.sample(1), .sample(2)])
        let queue = try DatabaseQueue(path: folder.ledger)
        try queue.write { database in
            var data = try #require(try Data.fetchOne(database, sql: "SELECT \(column) FROM record WHERE seq = 2"))
            data[data.count / 2] ^= 1
            try database.execute(sql: "UPDATE record SET \(column) = ? WHERE seq = 2", arguments: [data])
        }
        #expect(try check(1) == ("", 0))
        let (output, status) = try check(2)
        #expect(status == 1 && output.hasPrefix("record 2: "))
        #expect(try !LedgerReader.open(folder: folder.path).verify().isSound)
    }
}

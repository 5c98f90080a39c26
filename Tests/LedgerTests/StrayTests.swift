import Attribution
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite("Notes of what is no record")
struct StrayTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func rows(_ sql: String) throws -> [[String]] {
        try DatabaseQueue(path: folder.ledger).read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.databaseValues.map { String.fromDatabaseValue($0) ?? Int64.fromDatabaseValue($0).map(String.init) ?? "" }
            }
        }
    }

    @Test("unmatched paths are counted with first and last time, as personal text, cut to 128 bytes")
    func unmatched() throws {
        let writer = try LedgerWriter.open(folder)
        let later = Timestamp.noon.adding(seconds: 5)
        writer.noteUnmatched(path: [0x2F, 0xC3, 0xA9, 0x25, 0x0A][...], time: later)
        writer.noteUnmatched(path: [0x2F, 0xC3, 0xA9, 0x25, 0x0A][...], time: .noon)
        writer.noteUnmatched(path: Array(("/" + String(repeating: "a", count: 300)).utf8)[...], time: .noon)
        writer.close()
        let reopened = try LedgerWriter.open(folder)
        reopened.noteUnmatched(path: [0x2F, 0xC3, 0xA9, 0x25, 0x0A][...], time: later)
        reopened.close()
        let rows = try rows("SELECT path, requests, latest - earliest FROM unmatched_path ORDER BY path")
        #expect(rows == [["/%C3%A9%25%0A", "3", "5000000"], ["/" + String(repeating: "a", count: 127), "1", "0"]])
    }

    @Test("a flood of paths takes a thousand rows of a day and one for the others")
    func unmatchedBound() throws {
        for round in 0..<3 {
            let writer = try LedgerWriter.open(folder)
            for number in 0..<1_500 {
                writer.noteUnmatched(path: Array("/\(round)/\(number)".utf8)[...], time: .noon)
            }
            writer.noteUnmatched(path: Array("/0/7".utf8)[...], time: Timestamp.noon.adding(seconds: 86_400))
            writer.close()
        }
        let noon = CalendarDay("2016-10-03")!.daysSinceEpoch
        #expect(try value(folder, "SELECT sum(requests) FROM unmatched_path") == 4_503)
        #expect(try value(folder, "SELECT count(*) FROM unmatched_path WHERE day = \(noon)") == 1_001)
        #expect(try rows("SELECT requests FROM unmatched_path WHERE day = \(noon) AND path = 'other'") == [["3500"]])
        // Between two commits a thousand paths are held, of whatever day.
        #expect(try rows("SELECT path, requests FROM unmatched_path WHERE day = \(noon + 1)") == [["other", "3"]])
    }

    @Test("failed handshakes are counted by reason, name and version, names bounded")
    func handshakes() throws {
        let writer = try LedgerWriter.open(folder)
        for number in 0..<1_500 {
            let failure = FailedHandshake(reason: "no-shared-cipher", serverName: "h\(number).example", offeredVersion: "1.0")
            writer.noteFailedHandshake(failure, time: .noon)
        }
        let silent = FailedHandshake(reason: "hello-timeout", serverName: nil, offeredVersion: nil)
        writer.noteFailedHandshake(silent, time: .noon)
        writer.close()
        #expect(try value(folder, "SELECT sum(connections) FROM failed_handshake") == 1_501)
        #expect(try value(folder, "SELECT count(*) FROM failed_handshake") ?? 0 <= 1_002)
        #expect(
            try rows("SELECT server_name, offered_version, connections FROM failed_handshake WHERE reason = 'hello-timeout'")
                .map { Array($0.dropFirst()) } == [["", "1"]])
    }

    @Test("they are written with the next commit that is due, never in its way")
    func withCommit() throws {
        let writer = try LedgerWriter.open(folder)
        writer.noteUnmatched(path: Array("/x".utf8)[...], time: .noon)
        #expect(try writer.appendAndWait([.sample(1)]) == .committed)
        #expect(writer.statistics.commits == 1)
        writer.close()
        #expect(try value(folder, "SELECT requests FROM unmatched_path") == 1)
    }
}

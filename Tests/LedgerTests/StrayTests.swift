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

    @Test("failed handshakes are told by days, the most frequent first, those of scanners apart")
    func tellingHandshakes() throws {
        let writer = try LedgerWriter.open(folder)
        let old = FailedHandshake(
            reason: "unsupported-version", serverName: "g.example", offeredVersion: "1.0", windows: .server2012TLS10)
        let scanner = FailedHandshake(reason: "not-tls", serverName: nil, offeredVersion: nil)
        let client = FailedHandshake(reason: "end-of-input", serverName: "g.example", offeredVersion: "1.2", windows: .server2016)
        let later = Timestamp.noon.adding(seconds: 86_400)
        for time in [Timestamp.noon, later, later] { writer.noteFailedHandshake(old, time: time) }
        for _ in 0..<5 { writer.noteFailedHandshake(scanner, time: .noon) }
        writer.noteFailedHandshake(client, time: later)
        writer.close()
        let reader = try LedgerReader.open(folder: folder.path)
        let day = Timestamp.noon.day
        func told(_ first: CalendarDay, _ last: CalendarDay, _ mayBeSignups: Bool = false, _ limit: Int = 10) throws -> [String] {
            try reader.failedHandshakes(from: first, through: last, mayBeSignups: mayBeSignups, limit: limit)
                .map { "\($0.connections) \($0.failure.reason) \($0.failure.windows?.rawValue ?? "-")" }
        }
        #expect(try told(day, day.next) == ["5 not-tls -", "3 unsupported-version 2012-tls10", "1 end-of-input 2016"])
        #expect(try told(day, day.next, true) == ["3 unsupported-version 2012-tls10", "1 end-of-input 2016"])
        #expect(try told(day, day) == ["5 not-tls -", "1 unsupported-version 2012-tls10"])
        #expect(try told(day.next, day.next, false, 1) == ["2 unsupported-version 2012-tls10"])
        #expect(try told(day.next.next, day.next.next).isEmpty)
        let row = try #require(try reader.failedHandshakes(from: day, through: day.next, limit: 10).first { $0.connections == 3 })
        #expect(row.failure == old && row.earliest == .noon && row.latest == later)
    }

    @Test("what was noted before the release was guessed is kept, without one")
    func handshakesOfAnOlderFile() throws {
        try writeLedger(folder, [.sample(1)])
        try tamper(
            folder,
            """
            DELETE FROM grdb_migrations WHERE identifier = '4';
            DROP TABLE failed_handshake;
            CREATE TABLE failed_handshake (
                day INTEGER NOT NULL, reason TEXT NOT NULL, server_name TEXT NOT NULL, offered_version TEXT NOT NULL,
                connections INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL,
                PRIMARY KEY (day, reason, server_name, offered_version)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO failed_handshake VALUES (\(Timestamp.noon.day.daysSinceEpoch), 'no-shared-cipher', 'h', '1.2', 7, 1, 2);
            """)
        #expect(throws: LedgerError.olderThanProgram(file: folder.ledger)) { try LedgerReader.open(folder: folder.path) }
        try LedgerWriter.open(folder).close()
        let reader = try LedgerReader.open(folder: folder.path)
        let day = Timestamp.noon.day
        let told = try reader.failedHandshakes(from: day, through: day, limit: 10)
        #expect(
            told == [
                FailedHandshakes(
                    failure: FailedHandshake(reason: "no-shared-cipher", serverName: "h", offeredVersion: "1.2"), connections: 7,
                    earliest: Timestamp(microseconds: 1), latest: Timestamp(microseconds: 2))
            ])
        #expect(try reader.verify().isSound)
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

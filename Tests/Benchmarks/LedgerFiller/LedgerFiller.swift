import Attribution
import Dispatch
import Foundation
import FrontDoor
import Ledger
import Office
import RouteFiles
import SeededRandomness

/// Fills a data folder's ledger with sign-ups as they might have come over months, faster than they could be asked for:
///
///     ledgerfiller RECORDS DAYS --data DIR [--routes DIR] [--until TIME]
///
/// Each is decided by the routes and by the folder's directory, which must have partners, and committed by the ledger's own
/// writer. Days are busier than nights; few partners have most of the sign-ups; some IDs are wrong in all the usual ways.
@main
struct LedgerFiller {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        var options = ["--data": "", "--routes": "routes", "--until": Timestamp(Date()).description]
        while let option = arguments.firstIndex(where: { $0.hasPrefix("--") }), option + 1 < arguments.count {
            options[arguments[option]] = arguments[option + 1]
            arguments.removeSubrange(option...option + 1)
        }
        guard arguments.count == 2, let records = Int(arguments[0]), let days = Int(arguments[1]), days > 0,
            let folder = options["--data"], !folder.isEmpty, let routes = options["--routes"],
            let until = options["--until"].flatMap({ Timestamp(rfc3339: $0) })
        else {
            FileHandle.standardError.write(
                Data("usage: ledgerfiller RECORDS DAYS --data DIR [--routes DIR] [--until TIME]\n".utf8))
            exit(64)
        }
        let lock = try DataFolderLock.acquire(folder: folder)
        let office = try Office.open(folder: folder)
        let partners = try office.partners().map(\.id)
        guard !partners.isEmpty else {
            FileHandle.standardError.write(Data("error: \(folder) has no partners; import some first\n".utf8))
            exit(2)
        }
        let signups = try Signups(
            routes: RouteFolder.load(path: routes).table, directory: office.currentDirectory(), partners: partners)
        try fill(records, of: signups, over: days, until: until, lock)
        try office.close()
        lock.release()
    }

    /// What the writer is given at once, and how much of that it may have before it.
    private static let batch = 1_024
    private static let batchesAhead = 4

    private static func fill(
        _ records: Int, of signups: Signups, over days: Int, until: Timestamp, _ lock: DataFolderLock
    ) throws {
        let writer = try LedgerWriter.open(folder: lock, node: "main")
        let room = DispatchSemaphore(value: batchesAhead)
        let begin = until.microseconds - Int64(days) * Timestamp.microsecondsPerDay
        var times = Times(from: begin, through: until.microseconds, count: records)
        var random = SplitMix64(seed: UInt64(truncatingIfNeeded: begin))
        var done = 0
        while done < records {
            let drafts = (0..<min(batch, records - done)).map { _ in signups.draft(at: times.next(&random), &random) }
            room.wait()
            let isTaken = writer.append(drafts) { result in
                precondition(result == .committed, "the ledger could not commit")
                room.signal()
            }
            precondition(isTaken, "the writer's queue has room for what was awaited")
            done += drafts.count
            if done % (batch * 100) == 0 || done == records {
                FileHandle.standardError.write(Data("\(done) of \(records)\n".utf8))
            }
        }
        writer.close()
    }
}

extension Timestamp {
    fileprivate init(_ date: Date) {
        self.init(microseconds: Int64(date.timeIntervalSince1970 * 1_000_000))
    }
}

/// Ascending times: three of four in the twelve hours around noon.
struct Times {
    private var now: Int64
    private let step: Double

    init(from begin: Int64, through end: Int64, count: Int) {
        now = begin
        step = Double(end - begin) / Double(max(count, 1))
    }

    mutating func next(_ random: inout SplitMix64) -> Timestamp {
        let hour = Timestamp(microseconds: now).microseconds / Timestamp.microsecondsPerSecond / 3_600 % 24
        // At night the steps are three times as long; on the average of a day they are what they must be.
        let pace = (6..<18).contains(hour) ? 2.0 / 3 : 2.0
        now += Int64(step * pace * Double.random(in: 0.5..<1.5, using: &random))
        return Timestamp(microseconds: now)
    }
}

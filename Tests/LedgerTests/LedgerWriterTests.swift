import Attribution
import Dispatch
import Foundation
import GRDB
import Measures
import Synchronization
import Testing

@testable import Ledger

@Suite("The writer")
struct LedgerWriterTests {
    @Test("commits drafts in their order, places from 1, and completes the batch once")
    func commits() throws {
        let folder = try TemporaryFolder()
        let writer = try LedgerWriter.open(folder)
        #expect(try writer.appendAndWait([.sample(1), .sample(2), .sample(3)]) == .committed)
        let records = try LedgerReader.open(folder: folder.path).all()
        #expect(records.map(\.sequence) == [1, 2, 3])
        #expect(records.compactMap { $0.record?.text(.receipt) } == (1...3).map { RecordDraft.sample($0).receipt.description })
        #expect(records.allSatisfy { $0.record?.text(.node) == "test" && $0.salt?.count == 32 })
        #expect(Set(records.compactMap(\.salt)).count == 3)
        #expect(writer.statistics.records == 3)
        #expect(writer.statistics.commits == 1)
        #expect(writer.statistics.lastSequence == 3)
        writer.close()
    }

    @Test("takes all that waits in one commit, and completes the batches in the order in which they came")
    func groupCommit() throws {
        let folder = try TemporaryFolder()
        let gate = Gate()
        var settings = LedgerSettings()
        settings.beforeCommit = { gate.pass() }
        let writer = try LedgerWriter.open(folder, settings: settings)
        let completions = Completions()
        #expect(writer.append([.sample(0)], completion: completions.handler(0)))
        gate.waitUntilReached()
        // The writer is in its first commit: these can only be in the second.
        for number in 1...50 {
            #expect(writer.append([.sample(UInt64(number))], completion: completions.handler(number)))
        }
        #expect(writer.statistics.queuedRecords == 50)
        gate.open()
        try completions.wait(for: 51)
        #expect(completions.names == Array(0...50))
        #expect(completions.allCommitted)
        #expect(writer.statistics.commits == 2)
        writer.close()
    }

    /// A writer whose process uses so much of one processor, as far as it knows, and which has committed pairs of records until it
    /// knows it. It would wait minutes for company, more than a test may take.
    private static func writer(_ folder: TemporaryFolder, load: Double) throws -> LedgerWriter {
        var settings = LedgerSettings()
        settings.processors = 1
        settings.commitWaitMicroseconds = 600_000_000
        settings.processorNanoseconds = { UInt64(Double(DispatchTime.now().uptimeNanoseconds) * load) }
        let writer = try LedgerWriter.open(folder, settings: settings)
        let end = DispatchTime.now() + .nanoseconds(Int(3 * ProcessorLoad.memoryNanoseconds))
        repeat { try writer.appendAndWait([.sample(1), .sample(2)]) } while DispatchTime.now() < end
        return writer
    }

    @Test("waits for company while the process is busy, and commits what came together")
    func company() throws {
        let folder = try TemporaryFolder()
        let completions = Completions()
        let writer = try Self.writer(folder, load: 1)
        let (commits, waits) = (writer.statistics.commits, writer.statistics.companyWaits.count)
        #expect(writer.append([.sample(3)], completion: completions.handler(3)))
        #expect(writer.append([.sample(4)], completion: completions.handler(4)))
        try completions.wait(for: 2)
        #expect(completions.names == [3, 4] && completions.allCommitted)
        #expect(writer.statistics.commits == commits + 1)
        #expect(writer.statistics.companyWaits.count == waits + 1)
        writer.close()
    }

    @Test("waits for nobody while the process has time to spare")
    func noCompany() throws {
        let folder = try TemporaryFolder()
        let writer = try Self.writer(folder, load: 0.5)
        #expect(try writer.appendAndWait([.sample(3)]) == .committed)
        #expect(writer.statistics.companyWaits.count == 0)
        writer.close()
    }

    @Test("does not wait for company when it is closed, and loses nobody who waits", .timeLimit(.minutes(1)))
    func closedWhileWaiting() throws {
        let folder = try TemporaryFolder()
        let completions = Completions()
        let writer = try Self.writer(folder, load: 1)
        #expect(writer.append([.sample(3)], completion: completions.handler(3)))
        // The writer waits for a second record now, and until then it waited for the first.
        let deadline = ContinuousClock.now + .seconds(60)
        while writer.queue.awaited != 2, ContinuousClock.now < deadline { sched_yield() }
        try #require(writer.queue.awaited == 2)
        writer.close()
        try completions.wait(for: 1)
        #expect(completions.allCommitted)
    }

    @Test("refuses what the queue has no room for, and takes it again later")
    func queueBound() throws {
        let folder = try TemporaryFolder()
        let gate = Gate()
        var settings = LedgerSettings()
        settings.maximumPendingRecords = 3
        settings.beforeCommit = { gate.pass() }
        let writer = try LedgerWriter.open(folder, settings: settings)
        let completions = Completions()
        #expect(writer.append([.sample(0)], completion: completions.handler()))
        gate.waitUntilReached()
        #expect(writer.append([.sample(1), .sample(2)], completion: completions.handler()))
        #expect(!writer.append([.sample(3), .sample(4)], completion: Completions.unexpected))
        #expect(writer.append([.sample(5)], completion: completions.handler()))
        #expect(!writer.append([.sample(6)], completion: Completions.unexpected))
        gate.open()
        try completions.wait(for: 3)
        #expect(try writer.appendAndWait([.sample(7)]) == .committed)
        writer.close()
        #expect(try LedgerReader.open(folder: folder.path).lastSequence() == 5)
    }

    @Test("answers failed when a commit fails, leaves no gap, and recovers with the next")
    func failedCommit() throws {
        let folder = try TemporaryFolder()
        let fails = Atomic(false)
        var settings = LedgerSettings()
        settings.beforeCommit = { if fails.load(ordering: .relaxed) { throw Fault() } }
        let writer = try LedgerWriter.open(folder, settings: settings)
        #expect(try writer.appendAndWait([.sample(1, network: 1)]) == .committed)
        fails.store(true, ordering: .relaxed)
        #expect(try writer.appendAndWait([.sample(2, network: 2), .sample(3, network: 3)]) == .failed)
        #expect(!writer.isHealthy)
        #expect(writer.statistics.lastFailure != nil)
        #expect(writer.statistics.lastSequence == 1)
        fails.store(false, ordering: .relaxed)
        // The visits of the failed batch never happened: they are no repeats now.
        #expect(try writer.appendAndWait([.sample(4, network: 2), .sample(5, network: 1)]) == .committed)
        #expect(writer.isHealthy)
        writer.close()
        let reader = try LedgerReader.open(folder: folder.path)
        let records = try reader.all().compactMap(\.record)
        #expect(records.map { $0.number(.sequence) } == [1, 2, 3])
        #expect(records.map { $0.number(.isRepeat) } == [0, 0, 1])
        #expect(try reader.verify().isSound)
    }

    @Test("inserts batches of any size whole, also after one of that size failed", arguments: 1...50)
    func batchSizes(size: Int) throws {
        let folder = try TemporaryFolder()
        let fails = Atomic(false)
        var settings = LedgerSettings()
        settings.beforeCommit = { if fails.load(ordering: .relaxed) { throw Fault() } }
        let writer = try LedgerWriter.open(folder, settings: settings)
        let drafts = (0..<2 * size).map { number in
            RecordDraft.sample(UInt64(number)) {
                $0.partnerIsListed = number % 3 > 0
                $0.personal.fields.location = String(repeating: "x", count: number)
            }
        }
        let (first, second) = (Array(drafts[..<size]), Array(drafts[size...]))
        #expect(try writer.appendAndWait(first) == .committed)
        fails.store(true, ordering: .relaxed)
        #expect(try writer.appendAndWait(second) == .failed)
        fails.store(false, ordering: .relaxed)
        #expect(try writer.appendAndWait(second) == .committed)
        writer.close()
        let reader = try LedgerReader.open(folder: folder.path)
        let records = try reader.all()
        #expect(records.map(\.sequence) == Array(1...Int64(2 * size)))
        #expect(records.map(\.partnerIsListed) == drafts.map(\.partnerIsListed))
        #expect(records.compactMap { $0.record?.text(.location) } == drafts.compactMap(\.personal.fields.location))
        #expect(Set(records.compactMap(\.salt)).count == 2 * size)
        #expect(try reader.verify().isSound)
    }

    @Test("answers before the commit only when it is told to, for measuring")
    func answersBeforeCommit() throws {
        let folder = try TemporaryFolder()
        let gate = Gate()
        var settings = LedgerSettings()
        #expect(!settings.answersBeforeCommit)
        settings.answersBeforeCommit = true
        settings.beforeCommit = { gate.pass() }
        let writer = try LedgerWriter.open(folder, settings: settings)
        #expect(try writer.appendAndWait([.sample(1)]) == .committed)
        gate.waitUntilReached()
        #expect(try LedgerReader.open(folder: folder.path).lastSequence() == 0)
        gate.open()
        writer.close()
        #expect(try LedgerReader.open(folder: folder.path).lastSequence() == 1)
    }

    @Test("finds out by itself that commits succeed again")
    func probes() throws {
        let folder = try TemporaryFolder()
        let fails = Atomic(true)
        let probed = DispatchSemaphore(value: 0)
        var settings = LedgerSettings()
        settings.probeMilliseconds = 1
        settings.beforeCommit = {
            defer { probed.signal() }
            if fails.load(ordering: .relaxed) { throw Fault() }
        }
        let writer = try LedgerWriter.open(folder, settings: settings)
        #expect(try writer.appendAndWait([.sample(1)]) == .failed)
        probed.wait()
        probed.wait()
        #expect(!writer.isHealthy)
        fails.store(false, ordering: .relaxed)
        let limit = ContinuousClock.now + .seconds(60)
        while !writer.isHealthy { try #require(ContinuousClock.now < limit) }
        #expect(try writer.appendAndWait([.sample(2)]) == .committed)
        #expect(writer.isHealthy)
        writer.close()
        #expect(try LedgerReader.open(folder: folder.path).lastSequence() == 1)
    }

    @Test("says failed when the disk is full, and goes on when there is room")
    func fullDisk() throws {
        let folder = try TemporaryFolder()
        let writer = try LedgerWriter.open(folder)
        #expect(try writer.appendAndWait([.sample(1)]) == .committed)
        writer.close()
        // SQLite's own limit gives the error that a full disk gives.
        let queue = try LedgerFile.openForWriting(folder: folder.path)
        try queue.inDatabase { database in
            var engine = try CommitEngine(database, folder: folder.path, node: "test", settings: LedgerSettings())
            try database.limitPages(to: database.pageCount())
            let many = PendingAppend(drafts: (2...200).map { .sample($0) }, completion: { _ in })
            #expect(throws: (any Error).self) { try engine.commit([many], notes: StrayNotes.Taken(), writesDerived: false) }
            #expect(engine.lastSequence == 1)
            try database.limitPages(to: 1_000_000)
            try engine.commit([many], notes: StrayNotes.Taken(), writesDerived: true)
            #expect(engine.lastSequence == 200)
        }
        #expect(try LedgerReader.open(folder: folder.path).verify().isSound)
    }

    @Test(
        "refuses to go on behind a gap, and says where it is",
        arguments: [
            ("UPDATE state SET counted_through = 9", 10), ("DELETE FROM record WHERE seq = 3", 3),
            ("UPDATE state SET counted_through = 0", 1),
            ("UPDATE state SET counted_through = 0; DELETE FROM span; DELETE FROM record WHERE seq = 2", 2),
            ("UPDATE state SET counted_through = -5", -4),
        ] as [(String, Int64)])
    func gap(sql: String, place: Int64) throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, (1...3).map { .sample($0) })
        try tamper(folder, sql)
        #expect(throws: LedgerError.damagedRecord(file: LedgerFile.name, sequence: place)) {
            try LedgerWriter.open(folder).close()
        }
    }

    @Test("goes on where an earlier run ended, also one that was killed")
    func restart() throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, (1...3).map { .sample($0) })
        let writer = try LedgerWriter.open(folder)
        #expect(writer.statistics.lastSequence == 3)
        try writer.appendAndWait([.sample(4), .sample(5, network: 9)])
        // A copy of the files as they are now is what a killed process leaves behind.
        let copy = try TemporaryFolder()
        for file in ["ledger.db", "ledger.db-wal", "visitor.key"] {
            try FileManager.default.copyItem(atPath: folder.path + "/" + file, toPath: copy.path + "/" + file)
        }
        writer.close()
        let second = try LedgerWriter.open(copy)
        try second.appendAndWait([.sample(6, network: 9), .sample(7, network: 8)])
        second.close()
        let reader = try LedgerReader.open(folder: copy.path)
        #expect(try reader.all().compactMap { $0.record?.number(.isRepeat) } == [0, 1, 1, 1, 0, 1, 0])
        #expect(try reader.verify().isSound)
    }

    @Test("commits what waits before it closes, and takes nothing afterwards")
    func close() throws {
        let folder = try TemporaryFolder()
        let writer = try LedgerWriter.open(folder)
        let completions = Completions()
        for number in 1...20 { #expect(writer.append([.sample(UInt64(number))], completion: completions.handler(number))) }
        writer.close()
        #expect(completions.names == Array(1...20))
        #expect(completions.allCommitted)
        #expect(!writer.append([.sample(21)], completion: Completions.unexpected))
        writer.close()
        #expect(try LedgerReader.open(folder: folder.path).lastSequence() == 20)
        #expect((try? Data(contentsOf: URL(filePath: folder.ledger + "-wal")))?.isEmpty ?? true)
    }

    @Test("completes each of many batches from many threads exactly once")
    func manyThreads() throws {
        let folder = try TemporaryFolder()
        let writer = try LedgerWriter.open(folder)
        let completions = Completions()
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<100 {
                let name = thread * 100 + number
                let draft = RecordDraft.sample(UInt64(name), network: UInt8(thread))
                #expect(writer.append([draft, .sample(UInt64(10_000 + name))], completion: completions.handler(name)))
            }
        }
        try completions.wait(for: 800)
        #expect(completions.allCommitted)
        #expect(completions.names.sorted() == Array(0..<800))
        #expect(writer.statistics.records == 1_600)
        #expect(writer.statistics.commits <= 800)
        writer.close()
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.isSound && report.records == 1_600 && report.lastSequence == 1_600)
    }
}

/// What a failing disk throws.
struct Fault: Error {}

/// Holds the writer in its first commit.
private final class Gate: Sendable {
    private let reached = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    func pass() {
        reached.signal()
        opened.wait()
        opened.signal()
    }

    func waitUntilReached() { reached.wait() }
    func open() { opened.signal() }
}

import Dispatch
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Ledger

@Suite("Commit pacing")
struct CommitPacingTests {
    private static let millisecond: UInt64 = 1_000_000

    /// One that took `records` in each of two takes, `interval` apart; the last at the moment 100 ms.
    private static func pacing(records: Int, each interval: UInt64, waitMicroseconds: Int = 4_000) -> CommitPacing {
        var pacing = CommitPacing(waitMicroseconds: waitMicroseconds)
        pacing.noteTake(of: records, at: 100 * millisecond - interval)
        pacing.noteTake(of: records, at: 100 * millisecond)
        return pacing
    }

    @Test("a lone request never waits, however busy it is")
    func lone() {
        #expect(CommitPacing().wait(load: 1, at: 1) == nil)
        #expect(Self.pacing(records: 1, each: Self.millisecond).wait(load: 1, at: 101 * Self.millisecond) == nil)
        #expect(Self.pacing(records: 2, each: Self.millisecond).wait(load: 1, at: 101 * Self.millisecond) != nil)
        // The first take after a pause says nothing yet about how fast they come.
        var pacing = CommitPacing()
        pacing.noteTake(of: 8, at: 100 * Self.millisecond)
        #expect(pacing.wait(load: 1, at: 100 * Self.millisecond + 1) == nil)
    }

    @Test("nor does the first one after a burst that is over", arguments: [64, 8_192])
    func burst(records: Int) {
        let pacing = Self.pacing(records: records, each: 2 * Self.millisecond)
        #expect(pacing.wait(load: 1, at: 106 * Self.millisecond) != nil)
        #expect(pacing.wait(load: 1, at: 107 * Self.millisecond) == nil)
    }

    @Test("up to three fifths of the processors nobody waits, and then the longer, the busier they are")
    func load() {
        let pacing = Self.pacing(records: 32, each: Self.millisecond / 2)
        let now = 101 * Self.millisecond
        #expect(pacing.wait(load: 0, at: now) == nil)
        #expect(pacing.wait(load: 0.6, at: now) == nil)
        #expect(pacing.wait(load: 0.7, at: now) == .init(records: 32, nanoseconds: 1_000_000))
        #expect(pacing.wait(load: 0.8, at: now) == .init(records: 32, nanoseconds: 2_000_000))
        #expect(pacing.wait(load: 1, at: now) == .init(records: 32, nanoseconds: 4_000_000))
        #expect(Self.pacing(records: 32, each: Self.millisecond, waitMicroseconds: 0).wait(load: 1, at: now) == nil)
    }

    @Test("it waits for as many as came last, up to dozens, but for no more than come within the wait")
    func records() {
        let now = 101 * Self.millisecond
        #expect(Self.pacing(records: 8, each: Self.millisecond).wait(load: 1, at: now)?.records == 8)
        #expect(Self.pacing(records: 256, each: Self.millisecond).wait(load: 1, at: now)?.records == 32)
        // Eight in ten milliseconds: three in four, and not two in two.
        #expect(Self.pacing(records: 8, each: 10 * Self.millisecond).wait(load: 1, at: now)?.records == 3)
        #expect(Self.pacing(records: 8, each: 10 * Self.millisecond).wait(load: 0.8, at: now) == nil)
    }
}

@Suite("Processor load")
struct ProcessorLoadTests {
    private static let interval = ProcessorLoad.intervalNanoseconds
    private static let memory = ProcessorLoad.memoryNanoseconds

    /// A clock of processor time that stands where it is put.
    private final class Used: Sendable {
        let nanoseconds = Atomic<UInt64>(7)
        let looks = Atomic(0)

        var clock: @Sendable () -> UInt64 {
            { [self] in
                looks.add(1, ordering: .relaxed)
                return nanoseconds.load(ordering: .relaxed)
            }
        }
    }

    @Test("it is the share of all processors' time, lately")
    func share() {
        let used = Used()
        var load = ProcessorLoad(processors: 2, usedNanoseconds: used.clock, at: 100)
        #expect(load.share == 0)
        used.nanoseconds.store(7 + Self.memory, ordering: .relaxed)
        load.look(at: 100 + Self.memory)
        #expect(load.share == 0.5)
        // Idle for a quarter of what it remembers.
        load.look(at: 100 + Self.memory * 5 / 4)
        #expect(load.share == 0.375)
        // More than all is all; what was before is forgotten.
        used.nanoseconds.store(7 + 99 * Self.memory, ordering: .relaxed)
        load.look(at: 100 + 3 * Self.memory)
        #expect(load.share == 1)
    }

    @Test("within an interval it does not look")
    func interval() {
        let used = Used()
        var load = ProcessorLoad(processors: 1, usedNanoseconds: used.clock, at: 0)
        used.nanoseconds.store(7 + Self.interval, ordering: .relaxed)
        load.look(at: Self.interval - 1)
        #expect(load.share == 0 && used.looks.load(ordering: .relaxed) == 1)
        load.look(at: Self.interval)
        #expect(load.share > 0 && used.looks.load(ordering: .relaxed) == 2)
    }

    @Test("the process's clock tells what all threads have used, those that have ended included", .timeLimit(.minutes(1)))
    func clock() {
        let worked: UInt64 = 20_000_000
        let before = ProcessorLoad.processNanoseconds()
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while Self.threadNanoseconds() < worked {}
            ended.signal()
        }
        ended.wait()
        // Threads that run meanwhile are not brought up to date at the same moment by both.
        let lag: UInt64 = 100_000_000
        let least = Self.usageNanoseconds()
        let told = ProcessorLoad.processNanoseconds()
        let most = Self.usageNanoseconds()
        #expect(told >= before + worked)
        #expect(told + lag >= least && told <= most + lag, "time that passes, or one thread's, would be another number")
    }

    private static func threadNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// What the kernel accounts to the process, in user and system mode.
    private static func usageNanoseconds() -> UInt64 {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return UInt64(seconds) * 1_000_000_000 + UInt64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1_000
    }
}

@Suite("Checkpoint pacing")
struct CheckpointPacingTests {
    private static let millisecond: UInt64 = 1_000_000
    private static let pages = Int32(CheckpointPacing.fewestBytes / 4_096)

    @Test("a fast disk is given little at a time, but nothing not worth a sync")
    func fast() {
        var pacing = CheckpointPacing(pageSize: 4_096)
        #expect(!pacing.isDue(pages: Self.pages - 1, at: 1))
        #expect(pacing.isDue(pages: Self.pages, at: 1))
        pacing.noteCheckpoint(from: 0, to: Self.millisecond)
        #expect(pacing.isDue(pages: Self.pages, at: 11 * Self.millisecond))
    }

    @Test("a slow one is left alone for a while, until the log is long")
    func slow() {
        var pacing = CheckpointPacing(pageSize: 4_096)
        pacing.noteCheckpoint(from: 0, to: 100 * Self.millisecond)
        #expect(!pacing.isDue(pages: Self.pages, at: 1_099 * Self.millisecond))
        #expect(pacing.isDue(pages: Self.pages, at: 1_100 * Self.millisecond))
        #expect(pacing.isDue(pages: Int32(CheckpointPacing.mostBytes / 4_096), at: 101 * Self.millisecond))
    }
}

@Suite("The write-ahead log")
struct WriteAheadLogTests {
    private let folder: TemporaryFolder
    private let database: DatabaseQueue

    init() throws {
        folder = try TemporaryFolder()
        database = try DatabaseQueue(path: folder.ledger)
        try database.inDatabase { try $0.execute(sql: "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL") }
        try database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0; CREATE TABLE page (data BLOB)")
            _ = try database.checkpoint(.truncate)
        }
    }

    /// Commits rows of so many bytes, a page each, and the pages that lead to them.
    private func commit(bytes: Int, to database: Database) throws {
        try database.inTransaction {
            for _ in 0..<bytes / 8_192 { try database.execute(sql: "INSERT INTO page VALUES (zeroblob(8000))") }
            return .commit
        }
    }

    @Test("is copied for every commit that is worth it, however much the one before held")
    func large() throws {
        try database.writeWithoutTransaction { database in
            // A clock that stands: a checkpoint takes no time.
            let log = try WriteAheadLog(database, now: { 1 })
            for size in [1, 1, 2, 2, 4, 5, 3, 1, 2] {
                try commit(bytes: size * CheckpointPacing.fewestBytes, to: database)
                #expect(try log.checkpointIfDue() == .copied, "\(size)")
            }
            try commit(bytes: CheckpointPacing.fewestBytes / 2, to: database)
            #expect(try log.checkpointIfDue() == .notDue)
        }
    }

    @Test("is copied soon after a server was killed that left much of it")
    func left() throws {
        try database.writeWithoutTransaction { database in
            try commit(bytes: CheckpointPacing.fewestBytes, to: database)
            let log = try WriteAheadLog(database, now: { 1 })
            try commit(bytes: 8_192, to: database)
            #expect(try log.checkpointIfDue() == .copied)
            try commit(bytes: 8_192, to: database)
            #expect(try log.checkpointIfDue() == .notDue)
        }
    }

    @Test("that a reader keeps is tried again when it has grown much, and copied as before once the reader is gone")
    func held() throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: folder.ledger, configuration: configuration)
        let few = CheckpointPacing.fewestBytes
        try database.writeWithoutTransaction { database in
            let log = try WriteAheadLog(database, now: { 1 })
            try commit(bytes: few / 2, to: database)
            try reader.inDatabase { try $0.execute(sql: "BEGIN; SELECT count(*) FROM page") }
            try commit(bytes: few, to: database)
            #expect(try log.checkpointIfDue() == .held)
            try commit(bytes: 2 * few, to: database)
            #expect(try log.checkpointIfDue() == .notDue)
            try commit(bytes: WriteAheadLog.retryBytes, to: database)
            #expect(try log.checkpointIfDue() == .held)
            try reader.inDatabase { try $0.execute(sql: "COMMIT") }
            try commit(bytes: WriteAheadLog.retryBytes, to: database)
            #expect(try log.checkpointIfDue() == .copied)
            for size in [2, 2, 1] {
                try commit(bytes: size * few, to: database)
                #expect(try log.checkpointIfDue() == .copied, "\(size)")
            }
        }
    }
}

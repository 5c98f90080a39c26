import Testing

@testable import Ledger

@Suite("Commit pacing")
struct CommitPacingTests {
    private static let millisecond: UInt64 = 1_000_000

    @Test("a lone request never waits, however busy it is, also after a burst that is over")
    func lone() {
        var pacing = CommitPacing()
        #expect(pacing.wait(load: 1, at: 1) == nil)
        pacing.noteTake(of: 1, at: 5)
        #expect(pacing.wait(load: 1, at: 6) == nil)
        pacing.noteTake(of: 64, at: 10)
        #expect(pacing.wait(load: 1, at: 10 + 1_000 * Self.millisecond) == nil)
    }

    @Test("while the processors have time to spare nobody waits")
    func idle() {
        var pacing = CommitPacing()
        pacing.noteTake(of: 32, at: Self.millisecond)
        #expect(pacing.wait(load: 0, at: Self.millisecond * 3 / 2) == nil)
        #expect(pacing.wait(load: 0.6, at: Self.millisecond * 3 / 2) == nil)
        #expect(pacing.wait(load: 0.7, at: Self.millisecond * 3 / 2) != nil)
    }

    @Test("when they are busy it waits for as many as came last, up to dozens, as long as they come fast enough")
    func load() {
        var pacing = CommitPacing()
        pacing.noteTake(of: 4, at: Self.millisecond)
        // Four in half a millisecond: four are there in time. In ten milliseconds: only some are, and only when the wait is long.
        #expect(pacing.wait(load: 0.8, at: Self.millisecond * 3 / 2) == .init(records: 4, nanoseconds: 2_000_000))
        #expect(pacing.wait(load: 1, at: Self.millisecond * 3 / 2) == .init(records: 4, nanoseconds: 4_000_000))
        #expect(pacing.wait(load: 1, at: Self.millisecond * 6) == .init(records: 3, nanoseconds: 4_000_000))
        #expect(pacing.wait(load: 0.8, at: Self.millisecond * 6) == nil)
        pacing.noteTake(of: 256, at: Self.millisecond)
        #expect(pacing.wait(load: 1, at: Self.millisecond * 3 / 2)?.records == 32)
        #expect(CommitPacing(waitMicroseconds: 0).wait(load: 1, at: 9) == nil)
    }
}

@Suite("Processor load")
struct ProcessorLoadTests {
    private static let interval = ProcessorLoad.intervalNanoseconds

    @Test("it is the share of all processors' time, of the last interval alone")
    func share() {
        var load = ProcessorLoad(processors: 2, at: 100, used: 7)
        #expect(load.share == 0)
        load.look(at: 100 + Self.interval, used: 7 + Self.interval)
        #expect(load.share == 0.5)
        load.look(at: 100 + 2 * Self.interval, used: 7 + Self.interval)
        #expect(load.share == 0)
        load.look(at: 100 + 3 * Self.interval, used: 7 + 9 * Self.interval)
        #expect(load.share == 1, "clocks are not read at the same moment: more than all is all")
    }

    @Test("within an interval it does not look")
    func interval() {
        var load = ProcessorLoad(processors: 1, at: 0, used: 0)
        load.look(at: Self.interval, used: Self.interval / 4)
        var looks = 0
        func used() -> UInt64 {
            looks += 1
            return Self.interval
        }
        load.look(at: 2 * Self.interval - 1, used: used())
        #expect(load.share == 0.25 && looks == 0)
        load.look(at: 2 * Self.interval, used: used())
        #expect(load.share == 0.75 && looks == 1)
    }

    @Test("the process's own clock counts what it uses")
    func clock() {
        let before = processorNanoseconds()
        var sum: UInt64 = 0
        while processorNanoseconds() < before + 1_000_000 { sum &+= before }
        #expect(processorNanoseconds() > before && sum != 1)
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
        #expect(pacing.isDue(pages: Self.pages, at: 21 * Self.millisecond))
    }

    @Test("a slow one is left alone for a while, until the log is long")
    func slow() {
        var pacing = CheckpointPacing(pageSize: 4_096)
        pacing.noteCheckpoint(from: 0, to: 100 * Self.millisecond)
        #expect(!pacing.isDue(pages: Self.pages, at: 2_099 * Self.millisecond))
        #expect(pacing.isDue(pages: Self.pages, at: 2_100 * Self.millisecond))
        #expect(pacing.isDue(pages: Int32(CheckpointPacing.mostBytes / 4_096), at: 101 * Self.millisecond))
    }
}

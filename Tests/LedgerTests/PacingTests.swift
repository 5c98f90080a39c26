import Testing

@testable import Ledger

@Suite("Commit pacing")
struct CommitPacingTests {
    private static let millisecond: UInt64 = 1_000_000

    @Test("a lone request never waits, also after a burst that is over")
    func lone() {
        var pacing = CommitPacing()
        #expect(pacing.awaitedRecords(at: 1) == 1)
        pacing.noteTake(of: 1, at: 5)
        #expect(pacing.awaitedRecords(at: 6) == 1)
        pacing.noteTake(of: 64, at: 10)
        #expect(pacing.awaitedRecords(at: 10 + 1_000 * Self.millisecond) == 1)
    }

    @Test("under load it waits for as many as came last, up to eight, as long as they come fast enough")
    func load() {
        var pacing = CommitPacing()
        pacing.noteTake(of: 4, at: Self.millisecond)
        #expect(pacing.awaitedRecords(at: Self.millisecond * 3 / 2) == 4)
        #expect(pacing.awaitedRecords(at: Self.millisecond * 3) == 2)
        pacing.noteTake(of: 32, at: Self.millisecond)
        #expect(pacing.awaitedRecords(at: Self.millisecond * 3 / 2) == 8)
        #expect(CommitPacing(waitMicroseconds: 0).awaitedRecords(at: 9) == 1)
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

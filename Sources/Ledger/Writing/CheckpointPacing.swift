/// When the write-ahead log is to be copied into the file. Commits wait meanwhile.
///
/// Where the disk syncs fast, little is copied at a time, so that nobody waits for long. Where it is slow, more is: each
/// checkpoint syncs the file, and together they must not take more than a small share of the writer's time.
struct CheckpointPacing {
    /// Bytes of pages that are worth a checkpoint; it takes half a millisecond where a sync takes a tenth of one.
    static let fewestBytes = 256 << 10
    /// So many make one due without a rest: it bounds the log, and what a start after a kill has to read.
    static let mostBytes = 4 << 20
    /// Between two checkpoints lies this many times what the last one took: until the log is long they get a tenth of the time.
    private static let restFactor: UInt64 = 10

    private let fewestPages: Int32
    private let mostPages: Int32
    private var lastEnd: UInt64 = 0
    private var lastTook: UInt64 = 0

    init(pageSize: Int) {
        fewestPages = Int32(Self.fewestBytes / pageSize)
        mostPages = Int32(Self.mostBytes / pageSize)
    }

    /// - Parameters:
    ///   - pages: of the log that came since the last checkpoint.
    ///   - now: nanoseconds of a clock that does not step.
    func isDue(pages: Int32, at now: UInt64) -> Bool {
        pages >= mostPages || pages >= fewestPages && now - lastEnd >= Self.restFactor * lastTook
    }

    mutating func noteCheckpoint(from begin: UInt64, to end: UInt64) {
        lastEnd = end
        lastTook = end - begin
    }
}

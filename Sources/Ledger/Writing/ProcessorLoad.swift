import Foundation

/// How much of its processors the process has been using lately.
struct ProcessorLoad {
    /// The kernel adds what a running thread has used only now and then: over less, that would show.
    static let intervalNanoseconds: UInt64 = 10_000_000
    /// By chance alone an interval is busier or idler than others. So long, about, one of them is felt.
    static let memoryNanoseconds: UInt64 = 80_000_000

    private let processors: Int
    private let usedNanoseconds: @Sendable () -> UInt64
    private var lastNanoseconds: UInt64
    private var lastUsedNanoseconds: UInt64
    /// From 0, nothing, to 1, all of them.
    private(set) var share = 0.0

    /// - Parameters:
    ///   - processors: how many the process may use.
    ///   - usedNanoseconds: tells how much processor time the process has used.
    ///   - now: nanoseconds of a clock that does not step.
    init(processors: Int, usedNanoseconds: @escaping @Sendable () -> UInt64, at now: UInt64) {
        self.processors = max(1, processors)
        self.usedNanoseconds = usedNanoseconds
        lastNanoseconds = now
        lastUsedNanoseconds = usedNanoseconds()
    }

    /// Looks anew when an interval is over.
    mutating func look(at now: UInt64) {
        guard now >= lastNanoseconds + Self.intervalNanoseconds else { return }
        let used = usedNanoseconds()
        let elapsed = now - lastNanoseconds
        // Two clocks are not read at the same moment: more than all is all.
        let sample = min(1, Double(used - min(used, lastUsedNanoseconds)) / (Double(elapsed) * Double(processors)))
        share += (sample - share) * min(1, Double(elapsed) / Double(Self.memoryNanoseconds))
        lastNanoseconds = now
        lastUsedNanoseconds = used
    }

    /// What all threads of this process have used, those that have ended included.
    static func processNanoseconds() -> UInt64 {
        // POSIX has a million clocks to the second (time.h, `CLOCKS_PER_SEC`).
        UInt64(max(0, clock())) * 1_000
    }
}

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// How much of its processors the process has used lately.
struct ProcessorLoad {
    /// Looked at no more often: over less, a single busy stretch would count as load.
    static let intervalNanoseconds: UInt64 = 10_000_000

    private let processors: Int
    private var lastLook: UInt64
    private var lastUsed: UInt64
    /// From 0, nothing, to 1, all of them; as of the last interval.
    private(set) var share = 0.0

    /// - Parameters:
    ///   - processors: how many the process may use.
    ///   - now: nanoseconds of a clock that does not step.
    ///   - used: nanoseconds of processor time that the process has used.
    init(processors: Int, at now: UInt64, used: UInt64) {
        self.processors = max(1, processors)
        lastLook = now
        lastUsed = used
    }

    /// Looks anew when an interval is over.
    mutating func look(at now: UInt64, used: @autoclosure () -> UInt64) {
        guard now >= lastLook + Self.intervalNanoseconds else { return }
        let used = used()
        share = min(1, Double(used - min(used, lastUsed)) / (Double(now - lastLook) * Double(processors)))
        lastLook = now
        lastUsed = used
    }
}

/// Nanoseconds of processor time that all threads of this process have used, those that have ended included.
func processorNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// How a thread that reads the ledger stands beside those of the front door for the processors.
package enum ThreadPriority: Int32 {
    /// While there is other work, a thread that answers the back office has a tenth of a usual one's share (`nice`).
    case lower = 10
    /// One whose work nobody waits for: the least there is (nice(2)).
    case lowest = 19

    /// Has the calling thread give way to the front door's, whose customers wait. Linux keeps this value for each thread
    /// (setpriority(2), "C library/kernel differences"); a thread that can't be lowered works all the same, and so does one of
    /// a system other than Linux.
    package func take() {
        #if canImport(Glibc)
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, rawValue)
        #elseif canImport(Musl)
        _ = setpriority(PRIO_PROCESS, 0, rawValue)
        #endif
    }

    /// Lets whoever waits for the processor go first (sched_yield(2)). Also a thread that gives way is left its slice of some
    /// milliseconds, in which a sign-up would wait; to be called more often than that, and with nothing in hand that others need.
    package static func letOthersGoFirst() {
        #if os(Linux)
        sched_yield()
        #endif
    }
}

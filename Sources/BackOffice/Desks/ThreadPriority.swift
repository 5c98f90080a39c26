#if canImport(Glibc)
import Glibc

/// How a thread stands beside the others for the processors.
enum ThreadPriority {
    /// So much lower than usual (`nice`): while there is other work, such a thread has a tenth of a usual one's share.
    private static let lower: Int32 = 10

    /// Has the calling thread give way to the front door's, whose customers wait. Linux keeps this value for each thread
    /// (setpriority(2), "C library/kernel differences"); a thread that can't be lowered works all the same.
    static func giveWay() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, lower) }

    /// Lets whoever waits for the processor go first (sched_yield(2)). Also a thread that gives way is left its slice of some
    /// milliseconds, in which a sign-up would wait; to be called more often than that, and with nothing in hand that others need.
    static func letOthersGoFirst() { sched_yield() }
}
#else

/// Other systems know no priority of one thread by this call.
enum ThreadPriority {
    static func giveWay() {}
    static func letOthersGoFirst() {}
}
#endif

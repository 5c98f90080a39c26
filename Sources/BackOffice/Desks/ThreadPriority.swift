#if canImport(Glibc)
import Glibc

/// How a thread stands beside the front door's, whose customers wait, for processors and disk. Linux keeps it for each thread
/// (sched(7)). What the system refuses is no fault: such a thread works all the same.
enum ThreadPriority {
    /// So much lower than usual (`nice`): while there is other work, such a thread has a tenth of a usual one's share.
    private static let lower: Int32 = 10
    /// `SCHED_IDLE` of linux/sched.h, which the C library shows to GNU's own dialect only.
    private static let idlePolicy: Int32 = 5

    /// The calling thread gives way: people wait for it, too, but fewer.
    static func giveWay() { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, lower) }

    /// The calling thread has only what nobody else wants, of the disk as well (ioprio_set(2)), for good: it can't be taken back
    /// without privileges. Unlike a low priority it is interrupted at once when another thread wakes.
    static func takeWhatIsLeft() {
        var none = sched_param()
        _ = sched_setscheduler(0, idlePolicy, &none)
    }
}
#else

/// Other systems know no priority of one thread by these calls.
enum ThreadPriority {
    static func giveWay() {}
    static func takeWhatIsLeft() {}
}
#endif

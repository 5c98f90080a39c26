import Glibc

/// How many files and sockets the process may have open.
enum DescriptorLimit {
    /// What databases, listeners, logs and reloads need beside connections.
    static let reserved = 128

    /// Raises the limit to the most that the system allows this process, since shells and services often begin with 1,024.
    ///
    /// - Returns: the limit from now on.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }
}

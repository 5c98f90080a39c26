#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the kernel knows of this process, under the names that every client of Prometheus uses for it (prometheus.io, "Writing
/// client libraries", "Process metrics"). What the system does not tell is left out.
enum ProcessMetrics {
    /// Reads files below `/proc`: takes some tens of microseconds.
    static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        families.append(.counter, "process_cpu_seconds_total", "Processor time that the process has used.", processorSeconds())
        families.append(.gauge, "process_open_fds", "File descriptors that are open.", openDescriptors())
        families.append(.gauge, "process_max_fds", "File descriptors that may be open.", descriptorLimit())
        let status = ProcessStatus()
        families.append(
            .gauge, "process_resident_memory_bytes", "Memory of the process that is in RAM.", status?.residentBytes)
        families.append(.gauge, "process_virtual_memory_bytes", "Address space of the process.", status?.virtualBytes)
        families.append(.gauge, "process_threads", "Threads of the process.", status?.threads)
        families.append(
            .gauge, "process_start_time_seconds", "When the process started, in seconds since 1970.", status?.startTime)
        return families
    }

    private static func processorSeconds() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func openDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Two are the folder itself and the one above; one is open to read this.
        return count - 3
    }

    private static func descriptorLimit() -> UInt? {
        var limit = rlimit()
        #if os(Linux)
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        #else
        guard getrlimit(RLIMIT_NOFILE, &limit) == 0 else { return nil }
        #endif
        return UInt(limit.rlim_cur)
    }
}

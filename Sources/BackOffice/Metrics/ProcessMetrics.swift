import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the kernel knows of this process, under the names that every client of Prometheus uses for it (prometheus.io, "Writing
/// client libraries", "Process metrics"). What the system does not tell is left out.
enum ProcessMetrics {
    /// Reads files below `/proc`: takes some tens of microseconds.
    static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        families.append(.counter, "process_cpu_seconds_total", "Processor time that the process has used.", processorSeconds())
        families.append(.gauge, "process_open_fds", "File descriptors that are open.", openDescriptors())
        families.append(.gauge, "process_max_fds", "File descriptors that may be open.", ProcessStatus.descriptorLimit())
        let status = ProcessStatus()
        families.append(
            .gauge, "process_resident_memory_bytes", "Memory of the process that is in RAM.", status?.residentBytes)
        families.append(.gauge, "process_virtual_memory_bytes", "Address space of the process.", status?.virtualBytes)
        families.append(.gauge, "process_threads", "Threads of the process.", status?.threads)
        families.append(
            .gauge, "process_start_time_seconds", "When the process started, in seconds since 1970.", status?.startTime)
        return families
    }

    /// Of all threads. POSIX has a million clocks to the second (time.h, `CLOCKS_PER_SEC`).
    private static func processorSeconds() -> Double? {
        let clocks = clock()
        return clocks >= 0 ? Double(clocks) / 1_000_000 : nil
    }

    private static func openDescriptors() -> Int? {
        // One is open to read this.
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { $0.count - 1 }
    }
}

import Attribution
import NIOCore

/// The processors that the process may use: an event loop for each is enough, and more would only take turns.
package enum Processors {
    /// The smallest of what the machine has, what the control group allows by its quota or its set (as NIO finds them), and what
    /// the affinity mask leaves (`taskset`, systemd's `CPUAffinity=`), which NIO does not look at.
    package static var usable: Int {
        let status = try? Files.read("/proc/self/status", limit: 65_536)
        return max(1, min(System.coreCount, status.flatMap(allowed(byStatus:)) ?? .max))
    }

    /// How many processors the affinity mask has that the kernel tells of a process: a line `Cpus_allowed:`, in hexadecimal
    /// groups with commas between them (proc_pid_status(5)). nil without such a line.
    static func allowed(byStatus status: [UInt8]) -> Int? {
        let name = Array("Cpus_allowed:".utf8)
        guard let line = status.split(separator: .lineFeed).first(where: { $0.starts(with: name) }) else { return nil }
        return line.dropFirst(name.count).reduce(0) { $0 + ($1.hexValue?.nonzeroBitCount ?? 0) }
    }
}

import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What `/proc/self/stat` says (proc_pid_stat(5)).
struct ProcessStatus: Equatable {
    let threads: Int
    let virtualBytes: Int
    let residentBytes: Int
    /// In seconds since 1970; nil when the time of the machine's start is not known.
    let startTime: Double?

    /// nil where there is no such file.
    init?() {
        guard let status = Self.text("/proc/self/stat") else { return nil }
        let bootTime = Self.text("/proc/stat").flatMap(Self.bootTime)
        self.init(
            status, bootTime: bootTime, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)), pageBytes: sysconf(Int32(_SC_PAGESIZE)))
    }

    /// - Parameters:
    ///   - text: what the file says.
    ///   - bootTime: in seconds since 1970.
    init?(_ text: String, bootTime: Double?, ticksPerSecond: Int, pageBytes: Int) {
        // The program's name stands in parentheses and may hold anything, also parentheses.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(whereSeparator: \.isWhitespace)
        // The first of these is field 3: num_threads is 20, starttime 22, vsize 23, rss 24.
        guard fields.count > 21, let threads = Int(fields[17]), let start = Double(fields[19]), let virtual = Int(fields[20]),
            let pages = Int(fields[21]), ticksPerSecond > 0
        else { return nil }
        self.threads = threads
        virtualBytes = virtual
        residentBytes = pages * pageBytes
        startTime = bootTime.map { $0 + start / Double(ticksPerSecond) }
    }

    /// The line `btime` of `/proc/stat` (proc_stat(5)).
    static func bootTime(_ text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst("btime ".count)) }
    }

    /// How many files may be open; nil where the system does not say.
    static func descriptorLimit() -> Int? { text("/proc/self/limits").flatMap(descriptorLimit) }

    /// The first figure of the line `Max open files` of `/proc/self/limits` (proc_pid_limits(5)); nil for `unlimited`.
    static func descriptorLimit(_ text: String) -> Int? {
        let name = "Max open files"
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}

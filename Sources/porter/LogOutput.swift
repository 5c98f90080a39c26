import ArgumentParser
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a command writes much: bytes are gathered and written in portions, so that an export costs few system calls.
struct LogOutput: ~Copyable {
    /// Larger portions cost memory and gain nothing.
    private static let portionByteCount = 65_536

    private let descriptor: Int32
    private let name: String
    private var bytes: [UInt8] = []

    static var standardOutput: LogOutput { LogOutput(descriptor: STDOUT_FILENO, name: "standard output") }

    /// - Parameter name: for messages.
    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        bytes.reserveCapacity(Self.portionByteCount)
    }

    /// Lets `body` append to what is to be written.
    mutating func append(_ body: (inout [UInt8]) -> Void) throws {
        body(&bytes)
        if bytes.count >= Self.portionByteCount { try flush() }
    }

    mutating func line(_ text: String) throws {
        try append { bytes in
            bytes += text.utf8
            bytes.append(0x0A)
        }
    }

    mutating func flush() throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if errno == EPIPE {
                // Whoever was reading has enough; that is no error of anybody's.
                throw ExitCode.success
            } else if errno != EINTR {
                throw CommandFailure(
                    message: "\(String(cString: strerror(errno))): \(name); free some space or choose another place",
                    exitCode: CommandFailure.badRequest)
            }
        }
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Progress of long work: a line that is written over, and only where a person sees it.
struct LogProgress {
    private static let interval = Duration.milliseconds(500)

    private let isShown = isatty(STDERR_FILENO) == 1
    private let clock = ContinuousClock()
    private var next: ContinuousClock.Instant
    private var wasShown = false

    init() { next = clock.now + Self.interval }

    mutating func show(_ text: @autoclosure () -> String) {
        guard isShown, clock.now >= next else { return }
        next = clock.now + Self.interval
        wasShown = true
        StandardStream.error.write("\r\u{1B}[K\(text())")
    }

    func clear() {
        if wasShown { StandardStream.error.write("\r\u{1B}[K") }
    }
}

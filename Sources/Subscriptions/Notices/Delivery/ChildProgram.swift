import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program of this machine that is run to its end: given bytes on its standard input, and nothing of this process but an
/// environment. Calls block their thread.
struct ChildProgram {
    let path: String
    /// What comes after the program's name.
    let arguments: [String]
    /// How long it may run.
    let limit: Duration

    /// How it ended.
    enum Ending: Equatable {
        case exit(status: Int32)
        case signal(Int32)
        /// It took longer than it may, and was ended.
        case overtime
        /// This process is stopping, and has ended it.
        case stopped
    }

    struct Outcome {
        let ending: Ending
        /// The beginning of what it wrote, on either of its outputs.
        let output: String
    }

    /// It could not be run.
    struct Failure: Error {
        let message: String
    }

    /// What is kept of the output; the rest is read and dropped, so that nobody waits for it to be read.
    private static let keptBytes = 2_048
    /// How often is looked whether it should end.
    private static let lookMilliseconds: Int32 = 50
    /// What a program has to end in good order, once it was told to; then it is killed.
    private static let farewell = Duration.seconds(1)
    /// What is in hand when this process is told to stop has so long to end by itself.
    private static let grace = Duration.seconds(3)

    /// A program that is being written is looked at so often.
    private static let busyLooks = 50
    /// What is done before each of these looks; they take a second in all.
    var waitWhileBusy: @Sendable () -> Void = { usleep(20_000) }

    func run(input: [UInt8], until stop: StopSign) throws(Failure) -> Outcome {
        let source = try Self.file(holding: input)
        defer { close(source) }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(message: "no pipe can be had: \(Self.words(errno))") }
        let sink = ends[0]
        defer { close(sink) }
        _ = fcntl(sink, F_SETFD, FD_CLOEXEC)
        _ = fcntl(sink, F_SETFL, O_NONBLOCK)
        // Ignored, as whoever started this process may have had it, nobody could be told how the program ended.
        signal(SIGCHLD, SIG_DFL)
        let child: pid_t
        do throws(Failure) {
            child = try spawn(input: source, output: ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        // The pipe ends when the child has ended.
        close(ends[1])
        return Self.wait(for: child, reading: sink, limit: limit, stop)
    }

    /// A file without a name: unlike a pipe it needs nobody who writes while the program reads, and raises no signal when the program
    /// does not read.
    private static func file(holding bytes: [UInt8]) throws(Failure) -> Int32 {
        var name = Array((FileManager.default.temporaryDirectory.path + "/porter-mail-XXXXXX").utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { throw Failure(message: "no temporary file can be made: \(words(errno)); check TMPDIR") }
        unlink(name)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let reason = words(errno)
                close(file)
                throw Failure(message: "a temporary file can't be written: \(reason)")
            }
            rest = rest.dropFirst(written)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}

// MARK: - Starting

extension ChildProgram {
    private func spawn(input: Int32, output: Int32) throws(Failure) -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        for (from, to) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (output, STDERR_FILENO)] {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        // Nothing else is inherited: no visitor's connection, and not the data folder's lock, which a program that outlives this
        // process would hold against the next one.
        #if canImport(Darwin)
        let closing = POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
        let closing: Int32 = 0
        for descriptor in Self.openDescriptors { posix_spawn_file_actions_addclose(&actions, descriptor) }
        #endif
        // This process ignores or blocks signals that end others, and a group of its own lets all that the program starts be ended
        // with it; a terminal's Ctrl-C does not reach it.
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var no = sigset_t()
        sigemptyset(&no)
        posix_spawnattr_setsigmask(&attributes, &no)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = closing | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = Self.environment.map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        var code = posix_spawn(&child, path, &actions, &attributes, &words, &variables)
        // Somebody has it open to write: it is being installed, or was, and a process that was started meanwhile still has it.
        for _ in 0..<Self.busyLooks where code == ETXTBSY {
            waitWhileBusy()
            code = posix_spawn(&child, path, &actions, &attributes, &words, &variables)
        }
        guard code == 0 else { throw Failure(message: Self.words(code)) }
        return child
    }

    /// All but the standard streams. A connection that is accepted just now may be missing: the program then has it open until it
    /// ends, unseen. One that is closed meanwhile is no error (POSIX leaves that open; glibc and musl pass over it).
    private static var openDescriptors: [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []
        return names.compactMap { Int32($0) }.filter { $0 > STDERR_FILENO }
    }

    /// Without what is for Porter alone.
    private static var environment: [String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PORTER_") }.map { "\($0.key)=\($0.value)" }
    }
}

// MARK: - Waiting

extension ChildProgram {
    private static func wait(for child: pid_t, reading sink: Int32, limit: Duration, _ stop: StopSign) -> Outcome {
        var output: [UInt8] = []
        var isOpen = true
        var deadline = ContinuousClock.now + limit
        var isStopping = false
        while true {
            var status: Int32 = 0
            let ended = waitpid(child, &status, WNOHANG)
            if isOpen { isOpen = read(sink, into: &output) }
            if ended == child { return Outcome(ending: ending(status), output: text(output)) }
            if stop.isRaised, !isStopping {
                isStopping = true
                deadline = min(deadline, ContinuousClock.now + grace)
            }
            if ContinuousClock.now >= deadline {
                end(child)
                return Outcome(ending: isStopping ? .stopped : .overtime, output: text(output))
            }
            // When the pipe ends, so does the child, within moments: a few milliseconds are then long enough.
            var watched = pollfd(fd: isOpen ? sink : -1, events: Int16(POLLIN), revents: 0)
            poll(&watched, 1, isOpen ? lookMilliseconds : 5)
        }
    }

    /// - Returns: whether more may come.
    private static func read(_ sink: Int32, into output: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let capacity = buffer.count
        while true {
            let count = buffer.withUnsafeMutableBytes { bytes in receive(sink, bytes.baseAddress, capacity) }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            if count == 0 { return false }
            output += buffer.prefix(min(count, max(0, keptBytes - output.count)))
        }
    }

    private static func receive(_ sink: Int32, _ buffer: UnsafeMutableRawPointer?, _ capacity: Int) -> Int {
        #if canImport(Glibc)
        Glibc.read(sink, buffer, capacity)
        #elseif canImport(Musl)
        Musl.read(sink, buffer, capacity)
        #else
        Darwin.read(sink, buffer, capacity)
        #endif
    }

    /// Ends the program and all that it has started.
    private static func end(_ child: pid_t) {
        kill(-child, SIGTERM)
        let deadline = ContinuousClock.now + farewell
        var status: Int32 = 0
        while waitpid(child, &status, WNOHANG) != child {
            guard ContinuousClock.now < deadline else {
                kill(-child, SIGKILL)
                while waitpid(child, &status, 0) < 0, errno == EINTR {}
                return
            }
            usleep(5_000)
        }
        // What it left behind has had its time as well.
        kill(-child, SIGKILL)
    }

    /// POSIX leaves the layout to macros, which Swift does not see; it is the same on Linux and Darwin.
    private static func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7F
        return signal == 0 ? .exit(status: (status >> 8) & 0xFF) : .signal(signal)
    }

    private static func text(_ output: [UInt8]) -> String { String(decoding: output, as: UTF8.self) }
}

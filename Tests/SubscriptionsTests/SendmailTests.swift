import Foundation
import Synchronization
import Testing

@testable import Subscriptions

@Suite("The mail system's program", .serialized, .timeLimit(.minutes(1)))
struct SendmailTests {
    private let folder: TemporaryFolder
    private static let sender = MailAddress("mail@gateway.example")!

    init() throws { folder = try TemporaryFolder() }

    /// What comes of a message that is handed to a program of these lines; nil when it was taken.
    private func refusal(_ lines: String, message: String = "Subject: x\n\ny\n", limit: Duration = .seconds(30)) async throws
        -> MailRefusal?
    {
        let program = SendmailProgram(path: try folder.script(lines), envelopeSender: Self.sender, limit: limit)
        do throws(MailRefusal) {
            try await program.hand(Array(message.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("is given the message as it is, and its arguments")
    func taken() async throws {
        let message = "To: a@b.example\n\n.\nFrom me\n" + String(repeating: "x\n", count: 200_000)
        #expect(
            try await refusal("cat > \"$here/message\"\nprintf '%s\\n' \"$@\" > \"$here/arguments\"", message: message) == nil)
        #expect(try folder.text("message") == message)
        #expect(try folder.text("arguments") == "-t\n-i\n-f\nmail@gateway.example\n")
    }

    @Test("has no arguments for a sender that is not set")
    func noSender() async throws {
        let script = try folder.script("printf '%s\\n' \"$@\" > \"$here/arguments\"")
        try await SendmailProgram(path: script, envelopeSender: nil).hand([])
        #expect(try folder.text("arguments") == "-t\n-i\n")
    }

    @Test("may end without reading")
    func unread() async throws {
        #expect(try await refusal("exit 0", message: String(repeating: "x\n", count: 200_000)) == nil)
    }

    @Test("that fails says why, on one line")
    func failure() async throws {
        let refusal = try #require(try await refusal("echo 'no such host' >&2; echo more; exit 75"))
        #expect(refusal.reason.hasSuffix("/sendmail ended with exit status 75: no such host more"))
        #expect(!refusal.isInterruption)
    }

    @Test("that is ended by a signal has not taken the message")
    func signal() async throws {
        let refusal = try #require(try await refusal("kill -9 $$"))
        #expect(refusal.reason.hasSuffix("/sendmail was ended by signal 9"))
    }

    @Test("that talks without end is not listened to for long")
    func talkative() async throws {
        let refusal = try #require(
            try await refusal("i=0\nwhile [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done\nexit 1"))
        #expect(refusal.reason.unicodeScalars.count <= MailRefusal.maximumScalars)
    }

    @Test("that hangs is ended with all that it has started")
    func hangs() async throws {
        let began = ContinuousClock.now
        let refusal = try #require(
            try await refusal("sleep 600 &\necho $! > \"$here/child\"\nsleep 600", limit: .seconds(2)))
        #expect(refusal.reason.contains("did not end within"))
        #expect(ContinuousClock.now - began < .seconds(20))
        let child = try #require(Int32(try folder.text("child").trimmingCharacters(in: .whitespacesAndNewlines)))
        // Gone, or waiting for init to take notice.
        let state = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ") Z"
        #expect(state.contains(") Z") || state.contains(") X"))
    }

    @Test("that hears no SIGTERM is killed")
    func deaf() async throws {
        let refusal = try #require(
            try await refusal("trap '' TERM\nwhile :; do sleep 0.1; done", limit: .milliseconds(300)))
        #expect(refusal.reason.contains("did not end within"))
    }

    @Test("has a few seconds when the server stops")
    func stops() async throws {
        let script = try folder.script("touch \"$here/began\"\nsleep 600")
        let task = Task { () -> MailRefusal? in
            do throws(MailRefusal) {
                try await SendmailProgram(path: script, envelopeSender: nil).hand([])
                return nil
            } catch {
                return error
            }
        }
        while !folder.has("began") { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value?.isInterruption == true)
    }

    @Test("that ends in these seconds has taken the message")
    func finishes() async throws {
        let script = try folder.script("touch \"$here/began\"\nsleep 0.5\ncat > \"$here/message\"")
        let task = Task { try await SendmailProgram(path: script, envelopeSender: nil).hand(Array("x\n".utf8)) }
        while !folder.has("began") { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        try await task.value
        #expect(try folder.text("message") == "x\n")
    }

    @Test("inherits nothing but its three streams, and signals that work")
    func inheritance() async throws {
        #expect(
            try await refusal("ls /proc/$$/fd > \"$here/open\"\ngrep '^Sig[BI]' /proc/self/status > \"$here/signals\"") == nil)
        let open = try folder.text("open").split(separator: "\n").compactMap { Int($0) }
        // The shell has its script open, at 10 and above.
        #expect(open.filter { $0 < 10 && $0 > 2 } == [])
        // Signals 32 and 33 are the C library's own, of threads and of users that are set: its posix_spawn ignores both.
        let own: UInt64 = 1 << 31 | 1 << 32
        let lines = try folder.text("signals").split(separator: "\n")
        #expect(lines.map { $0.prefix(6) } == ["SigBlk", "SigIgn"])
        let signals = lines.compactMap { UInt64($0.dropFirst(8), radix: 16) }
        #expect(signals.count == 2 && signals.allSatisfy { $0 & ~own == 0 }, "\(lines)")
    }

    @Test("is waited for while it is being installed")
    func beingWritten() throws {
        let path = try folder.script("cat > \"$here/message\"")
        let writer = open(path, O_WRONLY | O_CLOEXEC)
        #expect(writer >= 0)
        let isOpen = Mutex(true)
        var program = ChildProgram(path: path, arguments: [], limit: .seconds(30))
        program.waitWhileBusy = {
            isOpen.withLock { isOpen in
                if isOpen { close(writer) } else { usleep(20_000) }
                isOpen = false
            }
        }
        let outcome = try program.run(input: Array("x\n".utf8), until: StopSign())
        #expect(outcome.ending == .exit(status: 0))
        #expect(try folder.text("message") == "x\n" && !isOpen.withLock { $0 })
    }

    @Test("that is not there is told with what to do")
    func missing() async throws {
        let program = SendmailProgram(path: folder.path + "/nothing", envelopeSender: nil)
        let error = await #expect(throws: MailRefusal.self) { try await program.hand([]) }
        #expect(error?.reason.contains("can't be run: No such file or directory") == true)
    }
}

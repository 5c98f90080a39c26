import Attribution
import Foundation
import Logging
import Office
import Synchronization

@testable import Subscriptions

/// A folder of its own for one test, gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/porter-subscriptions-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

    /// A shell script that may be run; its folder is `$here`.
    func script(_ lines: String) throws -> String {
        let script = path + "/sendmail"
        let text = "#!/bin/sh\nhere='\(path)'\n\(lines)\n"
        // No program that another test starts meanwhile has it open: what is open to write can't be run.
        let file = open(script, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o700)
        defer { close(file) }
        guard write(file, text, text.utf8.count) == text.utf8.count else { throw CocoaError(.fileWriteUnknown) }
        return script
    }
}

/// The folder of the texts that ship.
let publicFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Public").path

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A test may wait where it is.
struct ThisThread: BlockingThreads {
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value { try work() }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time: Mutex<Timestamp>

    init(_ text: String = "2016-10-03T08:09:10Z") { time = Mutex(Timestamp(rfc3339: text)!) }

    var now: Timestamp { time.withLock { $0 } }

    func advance(seconds: Int64) {
        time.withLock { $0 = Timestamp(microseconds: $0.microseconds + seconds * Timestamp.microsecondsPerSecond) }
    }
}

extension Notice {
    static func sample(
        _ kind: Kind = .added, change: String = "01ARZ3NDEKTSV4RRFFQ69G5FAV", address: String? = "mpn@partner.example",
        language: String? = nil, subscription: String = "S-1", at time: Timestamp = TestClock().now
    ) -> Notice {
        Notice(
            change: change, kind: kind, partner: PartnerID("1234567")!, address: address, language: language,
            subscription: subscription, product: "Office 365", time: time)
    }
}

extension Office {
    /// Adds a notice in a transaction of its own.
    @discardableResult
    func add(_ notice: Notice) throws -> NoticeState { try writeUnnoted { try Outbox.add(notice, in: $0) } }
}

import Foundation
import Logging
import Synchronization
import Testing

@testable import Attribution
@testable import Ledger

/// A data folder that is removed with the test.
final class TemporaryFolder {
    let path: String

    /// Held from its first use on, as a server would.
    private(set) lazy var lock = Result { try DataFolderLock.acquire(folder: path) }

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("porter-ledger-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var ledger: String { path + "/ledger.db" }
}

extension Timestamp {
    /// A fixed moment: the tests have no clock.
    static let noon = Timestamp(rfc3339: "2016-10-03T12:00:00Z")!

    func adding(seconds: Double) -> Timestamp {
        Timestamp(microseconds: microseconds + Int64(seconds * 1_000_000))
    }
}

extension Route {
    static func named(_ name: String, origin: String = "essentials", edition: Endpoint.Edition? = .enterprise) -> Route {
        Route(
            name: name,
            version: "0123456789abcdef",
            paths: [],
            endpoint: edition.map { Endpoint(edition: $0, action: .trial) },
            origin: origin,
            destination: Destination(url: "https://signup.example.com/Signup", host: "signup.example.com")
        )
    }

    static let enterprise = Route.named("enterprise-trial")
}

extension RecordDraft {
    /// A draft of one visitor; `number` makes receipts differ.
    static func sample(
        _ number: UInt64 = 0,
        time: Timestamp = .noon,
        route: Route = .enterprise,
        network: UInt8? = 1,
        change: (inout RecordDraft) -> Void = { _ in }
    ) -> RecordDraft {
        var personal = PersonalFields()
        personal.location = "https://signup.example.com/Signup?msppid=1234567"
        personal.address = network.map { VisitorAddress(network: [UInt8](repeating: $0, count: 16), recorded: "192.0.2.0") }
        personal.userAgent = "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko"
        personal.dropped = ["utm_source", "gclid"]
        var draft = RecordDraft(
            receipt: Receipt(time: time, random16: 7, random64: number),
            time: time,
            route: route,
            campaign: nil,
            outcome: .attributed,
            reason: nil,
            partner: PartnerID(1_234_567),
            partnerIsListed: true,
            claimed: [PartnerID(1_234_567)!],
            client: .browser,
            clientOS: .windowsNT63,
            method: .get,
            status: 302,
            culture: Culture(lcid: 1036),
            country: Country("FR"),
            host: nil,
            scheme: .https,
            tlsVersion: .tls12,
            isTest: false,
            directoryVersion: 3,
            personal: PersonalJSON(personal)
        )
        change(&draft)
        return draft
    }
}

/// What completions were called with, in their order.
final class Completions: Sendable {
    /// For what must not be called.
    static let unexpected: @Sendable (AppendResult) -> Void = { _ in Issue.record("completed what was refused") }

    private let results = Mutex<[(name: Int, result: AppendResult)]>([])
    private let signal = DispatchSemaphore(value: 0)

    func handler(_ name: Int = 0) -> @Sendable (AppendResult) -> Void {
        { [self] result in
            results.withLock { $0.append((name, result)) }
            signal.signal()
        }
    }

    /// Waits for so many calls; the minute only ends a test that would hang.
    func wait(for count: Int) throws {
        for _ in 0..<count { try #require(signal.wait(timeout: .now() + 60) == .success) }
    }

    var names: [Int] { results.withLock { $0.map(\.name) } }
    var allCommitted: Bool { results.withLock { $0.allSatisfy { $0.result == .committed } } }
    var allFailed: Bool { results.withLock { $0.allSatisfy { $0.result == .failed } } }
}

extension LedgerWriter {
    /// Opens with the folder's lock, silent.
    static func open(_ folder: TemporaryFolder, settings: LedgerSettings = LedgerSettings()) throws -> LedgerWriter {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try open(
            folder: folder.lock.get(),
            node: "test",
            settings: settings,
            logger: logger
        )
    }

    /// Appends and waits.
    @discardableResult
    func appendAndWait(_ drafts: [RecordDraft]) throws -> AppendResult {
        let completions = Completions()
        try #require(append(drafts, completion: completions.handler()))
        try completions.wait(for: 1)
        return completions.allCommitted ? .committed : .failed
    }
}

extension LedgerReader {
    /// All records.
    func all(_ filter: RecordFilter = RecordFilter()) throws -> [StoredRecord] {
        var records: [StoredRecord] = []
        try forEachRecord(matching: filter) { stored, _ in
            records.append(stored)
            return true
        }
        return records
    }
}

/// Writes drafts to a new ledger, portion by portion, and closes it.
func writeLedger(_ folder: TemporaryFolder, _ drafts: [RecordDraft], portion: Int = 100) throws {
    let writer = try LedgerWriter.open(folder)
    defer { writer.close() }
    for start in stride(from: 0, to: drafts.count, by: portion) {
        try writer.appendAndWait(Array(drafts[start..<min(start + portion, drafts.count)]))
    }
}

extension RecordFilter {
    static func with<Value>(_ field: WritableKeyPath<RecordFilter, Value?>, _ value: Value) -> RecordFilter {
        RecordFilter().with(field, value)
    }

    func with<Value>(_ field: WritableKeyPath<RecordFilter, Value?>, _ value: Value) -> RecordFilter {
        var filter = self
        filter[keyPath: field] = value
        return filter
    }
}

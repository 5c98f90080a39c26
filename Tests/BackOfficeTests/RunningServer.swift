import Attribution
import BackOffice
import Foundation
import Logging
import Office
import Synchronization

@testable import Ledger
@testable import porter

/// A folder of its own for one test, gone when the test is. Short, as a Unix socket's path must be.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/porter-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var socketPath: String { path + "/" + ControlServer.socketName }

    func mode(of name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
    }
}

/// A control server on a real socket, with what it told the front door.
final class RunningServer: Sendable {
    static let now = Timestamp(rfc3339: "2016-10-03T08:09:10Z")!
    /// Who changes what a test begins with.
    static let caller = Caller(name: "test", way: .command, address: "")

    let folder: TemporaryFolder
    let office: Office
    let client: ControlClient
    private let snapshots = Mutex<[PartnerDirectory]>([])

    /// The snapshots that were put in force, in order.
    var directories: [PartnerDirectory] { snapshots.withLock { $0 } }

    init(folder: TemporaryFolder) throws {
        self.folder = folder
        office = try Office.open(folder: folder.path)
        client = ControlClient(folder: folder.path)
    }

    func desks(_ directory: DirectoryDesk, _ reload: @escaping @Sendable () async -> ReloadReport) -> Desks {
        Desks(
            folder: folder.path, office: office, append: { _ in false }, directory: directory, now: { Self.now },
            receipt: { Receipt(time: $0, random16: 1, random64: 2) }, routes: { RouteTable(routes: []) },
            partners: { PartnerDirectory(version: 0, standings: [:]) }, reload: reload,
            asked: { _ in .failure(.notFound) },
            figures: {
                HealthFigures(
                    version: "0", startedAt: Self.now, ledger: LedgerStatistics(), index: SearchIndexer.Progress(),
                    certificates: [], reload: ReloadState(time: Self.now, report: ReloadReport(succeeded: true, lines: [])))
            }, kits: KitDesk(publicFolder: "Public"))
    }

    /// Runs a server while `body` does, and ends it.
    static func run(
        in folder: TemporaryFolder? = nil,
        reload: @escaping @Sendable () async -> ReloadReport = { ReloadReport(succeeded: true, lines: []) },
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        try await runUntilStopped(in: folder, reload: reload) { server, _ in try await body(server) }
    }

    /// The same for a body that ends the server itself, by the closure that it is given.
    static func runUntilStopped(
        in folder: TemporaryFolder? = nil,
        reload: @escaping @Sendable () async -> ReloadReport,
        _ body: (RunningServer, _ stop: () -> Void) async throws -> Void
    ) async throws {
        let running = try RunningServer(folder: folder ?? TemporaryFolder())
        let desk = DirectoryDesk(office: running.office, now: { now }) { directory in
            running.snapshots.withLock { $0.append(directory) }
        }
        let (listening, signal) = AsyncStream.makeStream(of: Void.self)
        let server = try ControlServer(
            folder: running.folder.path, desks: running.desks(desk, reload),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            listening: { signal.finish() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run()
            }
            for await _ in listening {}
            try await body(running) { group.cancelAll() }
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}

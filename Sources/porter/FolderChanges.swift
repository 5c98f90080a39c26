import Attribution
import Foundation
import Ledger
import Office

/// Changes a data folder, through its running server or, where none runs, directly.
struct FolderChanges {
    let folder: String

    /// How long a server may take to open or close its socket while it holds the folder's lock, and how often to look.
    var patience = Duration.seconds(5)
    private static let pause = Duration.milliseconds(100)

    /// - Parameter directly: gets the folder's lock.
    func make<Report>(
        throughServer: (ControlClient) async throws -> Report, directly: (Office, DataFolderLock) async throws -> Report
    ) async throws -> Report {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await throughServer(ControlClient(folder: folder))
            } catch is ControlClient.NoServer {
                // Either no server runs, and the lock is free, or one starts or stops just now.
            }
            do {
                let lock = try DataFolderLock.acquire(folder: folder)
                defer { lock.release() }
                let office = try Office.open(folder: folder)
                defer { try? office.close() }
                return try await directly(office, lock)
            } catch LedgerError.folderInUse {
                guard ContinuousClock.now < deadline else { throw inUse }
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Asks the folder's server, also one whose socket does not listen yet.
    ///
    /// - Throws: ``ControlClient/NoServer`` when nobody holds the folder.
    func ask<Report>(_ question: (ControlClient) async throws -> Report) async throws -> Report {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await question(ControlClient(folder: folder))
            } catch let noServer as ControlClient.NoServer {
                guard DataFolderLock.isHeld(folder: folder) else { throw noServer }
                guard ContinuousClock.now < deadline else { throw inUse }
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private var inUse: CommandFailure {
        CommandFailure(
            message: "the data folder \(folder) is in use, but no server answers on its control.sock; "
                + "try again when the server has started or stopped",
            exitCode: CommandFailure.badRequest)
    }

    /// Who changes something, for the history.
    static var userName: String { NSUserName() }

    /// The same for the access log, where there is no server to write its line.
    static var caller: Caller { Caller(name: userName, way: .command, address: "") }
}

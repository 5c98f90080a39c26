import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The right to change what is in a data folder: one process at a time has it.
///
/// It is an advisory `flock` on the file `lock`, which the kernel gives up when the process ends, however it ends. The file
/// holds the process ID for the message to the second one.
package final class DataFolderLock: Sendable {
    package static let fileName = "lock"

    /// The data folder's path as given.
    package let folder: String
    private let descriptor: Mutex<Int32?>

    private init(folder: String, descriptor: Int32) {
        self.folder = folder
        self.descriptor = Mutex(descriptor)
    }

    /// Takes the lock; makes the folder (mode 0700, it holds personal data and keys) when it is not there.
    ///
    /// - Throws: ``LedgerError/folderInUse(folder:process:)`` at once when another holds it, ``LedgerError/storage(file:reason:)``.
    package static func acquire(folder: String) throws -> DataFolderLock {
        try makeFolder(folder)
        let path = folder + "/" + fileName
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LedgerError.storage(file: path, reason: lastSystemError()) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = processID(in: descriptor)
            close(descriptor)
            if reason == EWOULDBLOCK { throw LedgerError.folderInUse(folder: folder, process: holder) }
            throw LedgerError.storage(file: path, reason: String(cString: strerror(reason)))
        }
        writeProcessID(to: descriptor)
        return DataFolderLock(folder: folder, descriptor: descriptor)
    }

    /// Whether a process holds the folder; a folder that is not there is nobody's, and is not made.
    package static func isHeld(folder: String) -> Bool {
        let descriptor = open(folder + "/" + fileName, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Shared and for a moment only: a server that starts just now tries again.
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// Gives the lock up. The second call does nothing.
    package func release() {
        descriptor.withLock { held in
            if let held { close(held) }
            held = nil
        }
    }

    deinit { release() }

    /// Makes the folder and those above it that are missing, and each one's entry in its parent durable: after a power cut a
    /// ledger whose commits are safe would otherwise be in a folder that nobody finds.
    ///
    /// The folder's own entry is synced also when it is there: the process that made it may have ended before it could. Where
    /// this user may not list the parent, it was somebody else who made the folder.
    ///
    /// - Throws: ``LedgerError/storage(file:reason:)`` when a folder cannot be made, and what `sync` throws.
    static func makeFolder(
        _ folder: String,
        sync: (_ path: String) throws(LedgerError) -> Void = DurableFile.syncFolder
    ) throws(LedgerError) {
        var path = withoutTrailingSlashes(folder)
        var made = fileExists(path) && access(DurableFile.folder(of: path), R_OK) != 0 ? [] : [path]
        while let slash = path.lastIndex(of: "/") {
            path = withoutTrailingSlashes(path[..<slash])
            if path.isEmpty || fileExists(path) { break }
            made.append(path)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw LedgerError.storage(file: folder, reason: "the folder cannot be made")
        }
        for path in made.reversed() { try sync(path) }
    }

    private static func withoutTrailingSlashes(_ path: some StringProtocol) -> String {
        var path = path[...]
        while path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    /// Only for people: what a failed write would cost is a number in a message.
    private static func writeProcessID(to descriptor: Int32) {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func processID(in descriptor: Int32) -> Int32? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &text, text.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: text[..<count].prefix { $0 != 0x0A }, as: UTF8.self))
    }
}

/// The text of `errno`.
func lastSystemError() -> String { String(cString: strerror(errno)) }

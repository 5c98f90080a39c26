#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Small files that must never be found half written.
enum DurableFile {
    /// Replaces the file in one step, for its owner only (mode 0600): readers, and a restart after a crash, see the old content
    /// or the new.
    static func replace(_ path: String, with content: [UInt8]) throws(LedgerError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .storage(file: temporary, reason: lastSystemError()) }
        let isWritten = write(descriptor, content, content.count) == content.count && fsync(descriptor) == 0
        let reason = lastSystemError()
        close(descriptor)
        guard isWritten else {
            unlink(temporary)
            throw .storage(file: temporary, reason: reason)
        }
        guard rename(temporary, path) == 0 else { throw .storage(file: path, reason: lastSystemError()) }
        syncFolder(of: path)
    }

    /// Makes an empty file for its owner only, when there is none.
    static func make(_ path: String) throws(LedgerError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .storage(file: path, reason: lastSystemError()) }
        close(descriptor)
        syncFolder(of: path)
    }

    /// Makes the entry of a file or folder in the folder that holds it durable. Not every file system can; those that cannot
    /// need no help.
    static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

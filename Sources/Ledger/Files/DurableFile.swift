#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Small files that must never be found half written.
enum DurableFile {
    /// `write(2)`, which may write less than it was given.
    typealias Write = (_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int

    /// Replaces the file in one step, for its owner only (mode 0600): readers, and a restart after a crash, see the old content
    /// or the new. Returns when content and name are synced.
    ///
    /// - Throws: ``LedgerError``; unless only the last sync failed, the old content is still there.
    static func replace(
        _ path: String,
        with content: [UInt8],
        write: Write = systemWrite
    ) throws(LedgerError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .storage(file: temporary, reason: lastSystemError()) }
        let failure = writeAll(content, to: descriptor, write)
        let isClosed = close(descriptor) == 0
        if let reason = failure ?? (isClosed ? nil : lastSystemError()) {
            unlink(temporary)
            throw .storage(file: temporary, reason: reason)
        }
        guard rename(temporary, path) == 0 else { throw .storage(file: path, reason: lastSystemError()) }
        try syncFolder(of: path)
    }

    /// Writes and syncs; why it cannot, or nil.
    private static func writeAll(_ content: [UInt8], to descriptor: Int32, _ write: Write) -> String? {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 {
                return "nothing more can be written"
            } else if errno != EINTR {
                return lastSystemError()
            }
        }
        return fsync(descriptor) == 0 ? nil : lastSystemError()
    }

    /// Makes an empty file for its owner only, when there is none.
    static func make(_ path: String) throws(LedgerError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .storage(file: path, reason: lastSystemError()) }
        close(descriptor)
        try syncFolder(of: path)
    }

    /// Makes the entry of a file or folder in the folder that holds it durable (fsync(2)).
    ///
    /// - Throws: ``LedgerError/notDurable(file:found:)`` when that cannot be done: after a power cut nobody might find what is in
    ///   there, however well it was synced itself.
    static func syncFolder(of path: String) throws(LedgerError) {
        let folder = folder(of: path)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw notSynced(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw notSynced(folder) }
    }

    private static func notSynced(_ folder: String) -> LedgerError {
        .notDurable(file: folder, found: "the folder cannot be synced: \(lastSystemError())")
    }

    /// The folder in which a path's last name stands.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `write(2)` itself.
    static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes, count)
        #elseif canImport(Musl)
        Musl.write(descriptor, bytes, count)
        #else
        Darwin.write(descriptor, bytes, count)
        #endif
    }
}

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Which file a path leads to: another one has another identity for as long as anybody has this one open.
struct FileIdentity: Equatable {
    private let device: dev_t
    private let number: ino_t

    /// nil: there is none.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, number) = (status.st_dev, status.st_ino)
    }
}

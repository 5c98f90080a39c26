#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The few files that the front door reads and writes, at start and when certificates change; never on the hot path.
enum Files {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The names in a folder, sorted; nil when it cannot be listed.
    static func names(in folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                // `d_name` ends with a zero byte within the entry, as readdir(3) promises.
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// - Parameter limit: bytes beyond which a file is refused.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot read \(path)") }
        defer { close(file) }
        var bytes: [UInt8] = []
        while true {
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = chunk.withUnsafeMutableBytes { Self.readOnce(file, $0) }
            guard count >= 0 else { throw failure("cannot read \(path)") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw Failure(description: "\(path) is larger than \(limit) bytes: it cannot be what belongs there")
            }
        }
    }

    private static func readOnce(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            #if canImport(Glibc)
            let count = Glibc.read(file, buffer.baseAddress, buffer.count)
            #else
            let count = Darwin.read(file, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    /// Writes a file under another name first, so that nobody ever sees half of it, and returns when file and name are synced.
    static func write(_ text: String, to path: String, mode: mode_t) throws(Failure) {
        let temporary = path + ".new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("cannot write \(temporary)") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            #if canImport(Glibc)
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            #else
            let count = bytes.withUnsafeBytes { Darwin.write(file, $0.baseAddress, $0.count) }
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                let failure = failure("cannot write \(temporary)")
                close(file)
                throw failure
            }
            bytes = bytes.dropFirst(count)
        }
        let isSynced = fsync(file) == 0
        guard close(file) == 0, isSynced, rename(temporary, path) == 0 else { throw failure("cannot write \(path)") }
        try sync(folder: folder(of: path))
    }

    /// The folder in which a path's last name stands.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A new name lasts only when its folder is synced too (fsync(2)).
    private static func sync(folder: String) throws(Failure) {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure("cannot sync \(folder)") }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure("cannot sync \(folder)") }
    }

    private static func failure(_ what: String) -> Failure {
        Failure(description: "\(what): \(String(cString: strerror(errno)))")
    }
}

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What tells a changed folder of route files from an unchanged one, without reading the files.
package struct RouteFolderFingerprint: Hashable, Sendable {
    struct Entry: Hashable, Comparable, Sendable {
        let name: String
        let bytes: Int64
        let device: UInt64
        let inode: UInt64
        /// When the contents were changed, and when anything about the file was, in nanoseconds since 1970: the second one
        /// also moves when a file is copied into place with its old time.
        let contentTime: Int64
        let statusTime: Int64

        static func < (left: Entry, right: Entry) -> Bool { left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
    }

    /// In the order of their names; empty when the folder cannot be read.
    let entries: [Entry]
}

extension RouteFolder {
    /// The folder's fingerprint now. Costs one `stat` per route file. Take it before loading, so that a change in between
    /// shows the next time.
    package static func fingerprint(path: String) -> RouteFolderFingerprint {
        guard let names = try? namesInFolder(path) else { return RouteFolderFingerprint(entries: []) }
        let entries = names.filter(isRouteFileName).map { name in
            var status = stat()
            // A file that is gone again, or a link that leads nowhere, is told from others by its zeros.
            if stat(join(path, name), &status) != 0 { status = stat() }
            return RouteFolderFingerprint.Entry(
                name: name,
                bytes: Int64(status.st_size),
                device: UInt64(status.st_dev),
                inode: UInt64(status.st_ino),
                contentTime: nanoseconds(status.modified),
                statusTime: nanoseconds(status.changed)
            )
        }
        return RouteFolderFingerprint(entries: entries.sorted())
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension stat {
    #if canImport(Glibc)
    fileprivate var modified: timespec { st_mtim }
    fileprivate var changed: timespec { st_ctim }
    #else
    fileprivate var modified: timespec { st_mtimespec }
    fileprivate var changed: timespec { st_ctimespec }
    #endif
}

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Why a file or folder could not be read.
enum FileFailure: Error {
    case system(Int32)
    case notAFile
    case tooLong(maximumBytes: Int)

    /// The second half of a sentence, with what is expected.
    var inWords: String {
        switch self {
        case .system(ENOENT): "does not exist, expected it there"
        case .system(ENOTDIR): "is not a folder, expected one with *.yaml files in it"
        case .system(let code): "cannot be read (\(String(cString: strerror(code)))), expected it to be readable by this user"
        case .notAFile: "is not a file, expected a text file"
        case .tooLong(let maximumBytes): "is too long, expected at most \(maximumBytes) bytes"
        }
    }
}

extension RouteFolder {
    /// Everything in a folder, in no order.
    static func namesInFolder(_ path: String) throws(FileFailure) -> [String] {
        guard let folder = opendir(path) else { throw .system(errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    /// A regular file's bytes; links are followed.
    static func readFile(_ path: String, upTo maximumBytes: Int) throws(FileFailure) -> [UInt8] {
        // Without O_NONBLOCK, opening a pipe that somebody put there would wait forever.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(errno) }
            if got == 0 { break }
            count += got
        }
        guard count <= maximumBytes else { throw .tooLong(maximumBytes: maximumBytes) }
        return Array(bytes.prefix(count))
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that the command line names.
enum InputFile {
    private static let chunkByteCount = 65_536

    /// The file's bytes. Pipes are files as well, so that `<(…)` can be given.
    ///
    /// - Parameters:
    ///   - limit: of a larger file, at least one byte more comes back: enough to be refused for.
    ///   - name: what the message calls the file, with its path.
    /// - Throws: ``CommandFailure`` when it cannot be read.
    static func bytes(of path: String, limit: Int, called name: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(name, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkByteCount)
        while bytes.count <= limit {
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk[..<count]
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw failure(name, errno)
            }
        }
        return bytes
    }

    private static func failure(_ name: String, _ code: Int32) -> CommandFailure {
        let message =
            switch code {
            case ENOENT, ENOTDIR: "\(name) does not exist; check the path"
            case EISDIR: "\(name) is a folder; name a file"
            default: "\(name) can't be read (\(String(cString: strerror(code)))); name a file that this user may read"
            }
        return CommandFailure(message: message, exitCode: CommandFailure.badRequest)
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that a command writes because `--output` names it.
enum OutputFile {
    /// Replaces the file when all is written: never one that looks whole and is not.
    ///
    /// - Parameters:
    ///   - permissions: of the new file, before the user's mask.
    ///   - write: gets the descriptor, and the name for messages.
    /// - Throws: ``CommandFailure`` when the file can't be made, and what `write` throws.
    static func replace(
        _ path: String, permissions: mode_t = 0o600, _ write: (_ descriptor: Int32, _ name: String) throws -> Void
    ) throws {
        let partial = path + ".part"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw failure(partial) }
        var isWhole = false
        defer { if !isWhole { unlink(partial) } }
        do {
            defer { close(descriptor) }
            try write(descriptor, partial)
        }
        guard rename(partial, path) == 0 else { throw failure(path) }
        isWhole = true
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(
            message: "\(String(cString: strerror(errno))): \(path); choose another file with --output",
            exitCode: CommandFailure.badRequest)
    }
}

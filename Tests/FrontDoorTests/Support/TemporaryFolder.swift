@testable import FrontDoor

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A folder that is removed with what is in it.
final class TemporaryFolder {
    struct Failure: Error {
        let number: Int32
    }

    let path: String

    init() throws {
        var template = Array("/tmp/frontdoor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(number: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in Files.names(in: path) ?? [] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Of a file in the folder.
    func mode(of path: String) -> mode_t {
        var status = stat()
        stat(path, &status)
        return status.st_mode & 0o777
    }
}

import Glibc

/// Standard output and standard error, written without trust in who reads them.
///
/// Foundation's file handles end the process when a write fails: a full disk below a log, or a pager that was closed, must not
/// stop the server.
enum StandardStream {
    case output
    case error

    /// Writes all of the text, or gives up silently: there is nowhere left to complain to.
    func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR {
                return
            }
        }
    }

    private var descriptor: Int32 { self == .output ? STDOUT_FILENO : STDERR_FILENO }

    /// Lets a write to a pipe that nobody reads fail, instead of ending the process.
    static func outliveReaders() {
        signal(SIGPIPE, SIG_IGN)
    }
}

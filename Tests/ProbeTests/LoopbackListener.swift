import Foundation
import Glibc
import Synchronization

/// A listening TCP socket on loopback that speaks as little as it is told to.
final class LoopbackListener: Sendable {
    let port: Int
    private let descriptor: Int32

    struct Failure: Error {
        let code: Int32
    }

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard result else { throw Failure(code: errno) }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// What a client sent first; complete when the client has seen the answer or the end.
    final class Recording: Sendable {
        private let received = Mutex<[UInt8]>([])

        var bytes: [UInt8] { received.withLock { $0 } }

        fileprivate func note(_ bytes: [UInt8]) {
            received.withLock { $0 = bytes }
        }
    }

    /// Takes one connection, waits for its first bytes, sends the text and closes.
    @discardableResult
    func answerOnce(with text: String) -> Recording {
        let descriptor = descriptor
        let recording = Recording()
        Thread.detachNewThread {
            let connection = accept(descriptor, nil, nil)
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = recv(connection, &buffer, buffer.count, 0)
            recording.note(Array(buffer.prefix(max(0, count))))
            let bytes = Array(text.utf8)
            _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            Glibc.close(connection)
        }
        return recording
    }

    func close() {
        Glibc.close(descriptor)
    }
}

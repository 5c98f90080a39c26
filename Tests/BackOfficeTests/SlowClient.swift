import Dispatch
import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A TCP client that sends and reads no more than it is told to.
final class SlowClient {
    struct Failure: Error {
        let call: String
        let number: Int32
    }

    private let socket: Int32

    /// - Parameter receiveBufferBytes: few, for a client that is to leave answers unread.
    init(port: Int, receiveBufferBytes: Int32? = nil) throws {
        #if canImport(Glibc)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard socket >= 0 else { throw Failure(call: "socket", number: errno) }
        if var size = receiveBufferBytes {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(call: "connect", number: errno) }
    }

    deinit { close(socket) }

    /// Sends what the socket takes at once, and says how much that was.
    @discardableResult
    func send(_ text: String) throws -> Int {
        let count = Array(text.utf8).withUnsafeBytes {
            #if canImport(Glibc)
            Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            #else
            Darwin.send(socket, $0.baseAddress, $0.count, MSG_DONTWAIT)
            #endif
        }
        guard count >= 0 else {
            if errno == EAGAIN { return 0 }
            throw Failure(call: "send", number: errno)
        }
        return count
    }

    /// All until the server closes; a reset is an end too.
    func receiveAll() async -> String {
        let socket = self.socket
        return await withCheckedContinuation { continuation in
            // Waiting here would hold one of the few threads that the server needs.
            DispatchQueue.global().async {
                var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
                while true {
                    let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
                    guard count > 0 else { break }
                    all += buffer[..<count]
                }
                continuation.resume(returning: String(decoding: all, as: UTF8.self))
            }
        }
    }
}

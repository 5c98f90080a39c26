import Dispatch

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A plain TCP client that sends exactly the bytes it is told to, with a limit on every wait.
package final class RawClient {
    package struct Failure: Error {
        package let call: String
        package let number: Int32
    }

    private let socket: Int32
    private var isClosed = false

    /// Longer than anything a test waits for, on a machine where other suites hold all threads for minutes too.
    private static let timeoutSeconds = 600

    package init(port: Int, receiveBufferBytes: Int32? = nil) throws {
        #if canImport(Glibc)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard socket >= 0 else { throw Failure(call: "socket", number: errno) }
        var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
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

    deinit { close() }

    package func close() {
        guard !isClosed else { return }
        isClosed = true
        #if canImport(Glibc)
        Glibc.close(socket)
        #else
        Darwin.close(socket)
        #endif
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try sendSome(rest, flags: 0)
            rest = rest.dropFirst(count)
        }
    }

    /// Sends without waiting; 0 when the socket takes no more.
    package func sendAtOnce(_ bytes: [UInt8]) throws -> Int {
        do {
            return try sendSome(bytes[...], flags: Int32(MSG_DONTWAIT))
        } catch let failure as Failure where failure.number == EAGAIN {
            return 0
        }
    }

    private func sendSome(_ bytes: ArraySlice<UInt8>, flags: Int32) throws -> Int {
        let count = bytes.withUnsafeBytes {
            #if canImport(Glibc)
            Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | flags)
            #else
            Darwin.send(socket, $0.baseAddress, $0.count, flags)
            #endif
        }
        guard count >= 0 else { throw Failure(call: "send", number: errno) }
        return count
    }

    /// Says that nothing more will be sent.
    package func finishSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// What is there next; empty at the end.
    package func receiveSome() async throws -> [UInt8] {
        let socket = self.socket
        return try await withCheckedThrowingContinuation { continuation in
            // Waiting here would hold one of the few threads that other tests, and the door's end, need.
            DispatchQueue.global().async {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
                if count >= 0 {
                    continuation.resume(returning: Array(buffer[..<count]))
                } else {
                    continuation.resume(throwing: Failure(call: "recv", number: errno))
                }
            }
        }
    }

    /// Whether not a byte, nor the end, has come.
    package var hasNothingToRead: Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }

    /// All until the server closes.
    package func receiveAll() async throws -> String {
        var all: [UInt8] = []
        while true {
            let some = try await receiveSome()
            if some.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += some
        }
    }

    /// The same; a reset is an end too.
    package func receiveAllUnlessReset() async throws -> String {
        do {
            return try await receiveAll()
        } catch let failure as Failure where failure.number == ECONNRESET {
            return ""
        }
    }

    /// Until the text has come, and nothing behind it has.
    package func receive(until end: String) async throws -> String {
        var all: [UInt8] = []
        while !all.suffix(end.utf8.count).elementsEqual(end.utf8) {
            let some = try await receiveSome()
            guard !some.isEmpty else { throw Failure(call: "end of input before \(end.debugDescription)", number: 0) }
            all += some
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// The answer to a request that is answered without a body.
    package func ask(_ request: String) async throws -> String {
        try send(request)
        return try await receive(until: "\r\n\r\n")
    }
}

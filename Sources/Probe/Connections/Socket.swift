#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A non-blocking TCP connection whose every wait has a deadline.
struct Socket: ~Copyable {
    private let descriptor: Int32

    /// Connects to the first address of the host that answers.
    ///
    /// Name resolution is the system's and keeps its own time.
    init(to target: ProbeTarget, by deadline: Deadline) throws(ProbeFailure) {
        let addresses = try Self.addresses(of: target)
        defer { freeaddrinfo(addresses) }
        let all = Array(sequence(first: addresses) { $0.pointee.ai_next })
        descriptor = try AddressTrial.first(of: all, by: deadline) { address, deadline throws(ProbeFailure) in
            try Self.connect(address.pointee, by: deadline)
        }
    }

    deinit {
        close(descriptor)
    }

    private static func addresses(of target: ProbeTarget) throws(ProbeFailure) -> UnsafeMutablePointer<addrinfo> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(target.host, String(target.port), &hints, &found)
        guard code == 0, let found else { throw .nameNotFound(String(cString: gai_strerror(code))) }
        return found
    }

    private static func connect(_ address: addrinfo, by deadline: Deadline) throws(ProbeFailure) -> Int32 {
        let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        guard descriptor >= 0 else { throw .unreachable(String(cString: strerror(errno))) }
        do throws(ProbeFailure) {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            #if canImport(Glibc)
            let result = Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen)
            #else
            let result = Darwin.connect(descriptor, address.ai_addr, address.ai_addrlen)
            #endif
            if result != 0 {
                guard errno == EINPROGRESS else { throw failure(errno) }
                guard wait(descriptor, for: POLLOUT, by: deadline) else { throw .timedOut(.connecting) }
                var code: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
                guard code == 0 else { throw failure(code) }
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func failure(_ code: Int32) -> ProbeFailure {
        code == ECONNREFUSED ? .refused : .unreachable(String(cString: strerror(code)))
    }

    private static func wait(_ descriptor: Int32, for events: Int32, by deadline: Deadline) -> Bool {
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let ready = poll(&entry, 1, deadline.remainingMilliseconds)
            if ready < 0, errno == EINTR { continue }
            return ready > 0
        }
    }

    // MARK: Bytes

    /// Sends all of it. A connection that the other side has closed is an error, not a signal.
    func send(_ bytes: [UInt8], during stage: ProbeFailure.Stage, by deadline: Deadline) throws(ProbeFailure) {
        #if canImport(Glibc)
        let flags = Int32(MSG_NOSIGNAL)
        #else
        let flags: Int32 = 0
        #endif
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { systemSend(descriptor, $0.baseAddress, $0.count, flags) }
            if sent > 0 {
                rest = rest.dropFirst(sent)
            } else if errno == EAGAIN {
                guard Self.wait(descriptor, for: POLLOUT, by: deadline) else { throw .timedOut(stage) }
            } else if errno != EINTR {
                throw .closed(stage)
            }
        }
    }

    /// What has come, waiting for the first byte; empty when the other side has closed.
    func receive(during stage: ProbeFailure.Stage, by deadline: Deadline) throws(ProbeFailure) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let got = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            if got >= 0 { return Array(buffer.prefix(got)) }
            if errno == EAGAIN {
                guard Self.wait(descriptor, for: POLLIN, by: deadline) else { throw .timedOut(stage) }
            } else if errno != EINTR {
                throw .closed(stage)
            }
        }
    }
}

/// The system's `send`, under a name that a method called `send` does not hide.
private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
    send(descriptor, bytes, count, flags)
}

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Salts of records, taken from the operating system in larger portions: one system call for many records.
struct SaltPool {
    static let saltByteCount = 32
    /// A page: 128 salts.
    private static let portionByteCount = 4_096

    private var bytes: [UInt8] = []
    private var next = 0
    private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    init(fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
        self.fill = fill
    }

    /// Appends the next salt. Each is used once.
    mutating func append(to target: inout [UInt8]) {
        if next >= bytes.count { refill() }
        target.append(contentsOf: bytes[next..<next + Self.saltByteCount])
        next += Self.saltByteCount
    }

    private mutating func refill() {
        if bytes.isEmpty { bytes = [UInt8](repeating: 0, count: Self.portionByteCount) }
        bytes.withUnsafeMutableBytes { fill($0) }
        next = 0
    }
}

/// Random bytes of the operating system, fit for keys.
///
/// Read from the device and not through `SystemRandomNumberGenerator`, which makes a system call for every eight bytes.
func fillWithRandomBytes(_ buffer: UnsafeMutableRawBufferPointer) {
    let device = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    defer { close(device) }
    var filled = 0
    while filled < buffer.count {
        let count = read(device, buffer.baseAddress! + filled, buffer.count - filled)
        if count > 0 {
            filled += count
        } else {
            // Without random numbers nothing here would be safe: neither keys nor salts.
            precondition(device >= 0 && errno == EINTR, "the operating system has no random numbers")
        }
    }
}

/// Puts a ClientHello together from bytes as they come, over any number of reads and a bounded number of TLS records
/// (RFC 8446, section 5.1). May be interrupted after any byte; looks at each once.
struct ClientHelloParser {
    enum Progress: Equatable {
        case needsMore
        case complete(ClientHello)
        /// Not TLS at all. `isHTTP`: it begins like an HTTP request that was sent to the wrong port.
        case notTLS(isHTTP: Bool)
        /// TLS, but no ClientHello that we can read.
        case malformed
        /// More bytes or records than any real ClientHello has.
        case tooLarge
    }

    private static let handshakeRecord: UInt8 = 22
    private static let clientHelloMessage: UInt8 = 1
    private static let recordHeaderBytes = 5
    private static let messageHeaderBytes = 4
    /// RFC 8446, section 5.1.
    private static let maximumRecordBytes = 1 << 14

    private let maximumBytes: Int
    private let maximumRecords: Int
    private var recordHeader: [UInt8] = []
    /// Bytes that the present record still has.
    private var recordRemaining = 0
    private var records = 0
    /// The handshake message so far, with its header.
    private var message: [UInt8] = []

    init(maximumBytes: Int, maximumRecords: Int) {
        self.maximumBytes = maximumBytes
        self.maximumRecords = maximumRecords
    }

    /// Whether a byte has come.
    private(set) var hasBegun = false

    /// Reads on. Bytes behind a complete ClientHello are not looked at.
    mutating func read(_ input: UnsafeRawBufferPointer) -> Progress {
        var index = 0
        while index < input.count {
            hasBegun = true
            if recordRemaining == 0 {
                recordHeader.append(input[index])
                index += 1
                if let failure = checkRecordHeader() { return failure }
                continue
            }
            let run = min(recordRemaining, input.count - index)
            message.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[index..<index + run]))
            index += run
            recordRemaining -= run
            let progress = checkMessage()
            if progress != .needsMore { return progress }
        }
        return .needsMore
    }

    /// nil while the header is as it should be so far. The first bytes tell TLS from everything else.
    private mutating func checkRecordHeader() -> Progress? {
        switch recordHeader.count {
        case 1:
            guard recordHeader[0] == Self.handshakeRecord else {
                return records > 0 ? .malformed : .notTLS(isHTTP: recordHeader[0].isToken)
            }
        case 2:
            guard recordHeader[1] == 3 else { return records > 0 ? .malformed : .notTLS(isHTTP: false) }
        case Self.recordHeaderBytes:
            let length = Int(recordHeader[3]) << 8 | Int(recordHeader[4])
            guard length > 0, length <= Self.maximumRecordBytes else { return .malformed }
            records += 1
            guard records <= maximumRecords else { return .tooLarge }
            recordRemaining = length
            recordHeader.removeAll(keepingCapacity: true)
        default: break
        }
        return nil
    }

    private func checkMessage() -> Progress {
        guard message[0] == Self.clientHelloMessage else { return .malformed }
        guard message.count >= Self.messageHeaderBytes else { return .needsMore }
        let length = message[1..<Self.messageHeaderBytes].reduce(0) { $0 << 8 | Int($1) }
        guard length <= maximumBytes - Self.messageHeaderBytes else { return .tooLarge }
        guard message.count >= Self.messageHeaderBytes + length else { return .needsMore }
        let body = message[Self.messageHeaderBytes..<Self.messageHeaderBytes + length]
        return ClientHello(body: body).map { .complete($0) } ?? .malformed
    }
}

import NIOCore

/// An HTTP/2 client that sends what a well-behaved one would refuse to.
struct RawHTTP2Client {
    struct Frame {
        let type: UInt8
        let stream: Int

        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
    }

    private static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    private let client: TLSClient

    /// - Parameter settings: identifiers and values of the first SETTINGS frame (RFC 9113, section 6.5.1).
    static func connect(
        port: Int, settings: [UInt8] = [], answersFarewell: Bool = true
    ) async throws -> RawHTTP2Client {
        let client = try await TLSClient.connect(port: port, protocols: ["h2"], answersFarewell: answersFarewell)
        try await client.send(Array(preface.utf8) + frame(type: 4, flags: 0, stream: 0, payload: settings))
        return RawHTTP2Client(client: client)
    }

    /// Sends a GET whose values are bytes, of at most 126 each.
    func ask(stream: Int, path: [UInt8], fields: [(String, [UInt8])] = []) async throws {
        let pseudo = [(":method", "GET"), (":scheme", "https"), (":authority", "a")].map { ($0, Array($1.utf8)) }
        var block: [UInt8] = []
        for (name, value) in pseudo + [(":path", path)] + fields {
            // Literal fields with new names, not indexed, without Huffman's code (RFC 7541, section 6.2.2).
            block += [0, UInt8(name.utf8.count)]
            block += name.utf8
            block.append(UInt8(value.count))
            block += value
        }
        // END_STREAM and END_HEADERS.
        try await client.send(Self.frame(type: Frame.headers, flags: 0x5, stream: stream, payload: block))
    }

    var isOpen: Bool { client.channel.isActive }

    /// Returns when such a frame has come; false when the server closes before.
    func hears(_ type: UInt8, stream: Int) async throws -> Bool {
        while true {
            let wasOpen = isOpen
            if try await frames().contains(where: { $0.type == type && $0.stream == stream }) { return true }
            guard wasOpen else { return false }
            await Task.yield()
        }
    }

    func close() async { try? await client.channel.close() }

    /// Ends our half of TCP without a word.
    func finishSending() async throws { try await client.finishSending() }

    func waitUntilClosed() async throws { try await client.channel.closeFuture.get() }

    /// All whole frames that have come.
    private func frames() async throws -> [Frame] {
        var rest = try await client.received()
        var frames: [Frame] = []
        while let head = rest.readBytes(length: 9) {
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.readSlice(length: length) != nil else { break }
            let stream = head[5...].reduce(0) { number, byte in number << 8 | Int(byte) }
            frames.append(Frame(type: head[3], stream: stream))
        }
        return frames
    }

    private static func frame(type: UInt8, flags: UInt8, stream: Int, payload: [UInt8]) -> [UInt8] {
        let length = payload.count
        var bytes = [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), type, flags]
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(stream >> shift & 0xFF)) }
        return bytes + payload
    }
}

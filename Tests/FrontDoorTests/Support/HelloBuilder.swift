/// Builds ClientHello messages by hand, as RFC 8446 section 4.1.2 lays them out.
struct HelloBuilder {
    var legacyVersion: UInt16 = 0x0303
    var sessionID = ""
    var suites: [UInt16] = []
    var versions: [UInt16]?
    var groups: [UInt16]?
    var signatures: [UInt16]?
    var serverName: String?
    var padding = 0
    var hasExtensions = true

    private func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }

    private func vector16(_ content: [UInt8]) -> [UInt8] { bytes(UInt16(content.count)) + content }

    private func list(_ numbers: [UInt16]) -> [UInt8] { numbers.flatMap(bytes) }

    private func field(_ type: UInt16, _ content: [UInt8]) -> [UInt8] { bytes(type) + vector16(content) }

    var body: [UInt8] {
        var body = bytes(legacyVersion) + [UInt8](repeating: 7, count: 32) + [UInt8(sessionID.utf8.count)] + Array(sessionID.utf8)
        body += vector16(list(suites)) + [1, 0]
        guard hasExtensions else { return body }
        var extensions: [UInt8] = []
        if let serverName { extensions += field(0, vector16([0] + vector16(Array(serverName.utf8)))) }
        if let groups { extensions += field(10, vector16(list(groups))) }
        if let signatures { extensions += field(13, vector16(list(signatures))) }
        if let versions { extensions += field(43, [UInt8(versions.count * 2)] + list(versions)) }
        if padding > 0 { extensions += field(21, [UInt8](repeating: 0, count: padding)) }
        return body + vector16(extensions)
    }

    /// The handshake message with its header.
    var message: [UInt8] {
        let body = self.body
        return [1, UInt8(body.count >> 16), UInt8(body.count >> 8 & 0xFF), UInt8(body.count & 0xFF)] + body
    }

    /// TLS records of at most `recordBytes` of the message each.
    func records(of recordBytes: Int = 16_384) -> [UInt8] { Self.records(message, of: recordBytes) }

    static func records(_ message: [UInt8], of recordBytes: Int) -> [UInt8] {
        stride(from: 0, to: message.count, by: recordBytes).flatMap { start in
            let part = message[start..<min(start + recordBytes, message.count)]
            return [22, 3, 1, UInt8(part.count >> 8), UInt8(part.count & 0xFF)] + part
        }
    }
}

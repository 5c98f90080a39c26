/// The bytes of an HTTP/2 connection on which one request was sent (RFC 9113), as far as its answer's head.
enum HTTP2Answer {
    case incomplete
    case complete(HTTPAnswer)
    /// The server gave the request or the connection up, or does not speak HTTP/2.
    case refused

    /// The one request's stream: a client's first.
    static let stream: UInt32 = 1
    static let frameHeadBytes = 9

    /// Types of frames (RFC 9113, section 6).
    enum FrameType {
        static let headers: UInt8 = 1
        static let resetStream: UInt8 = 3
        static let settings: UInt8 = 4
        static let goAway: UInt8 = 7
        static let continuation: UInt8 = 9
    }

    enum Flags {
        static let endStream: UInt8 = 0x01
        static let endHeaders: UInt8 = 0x04
        static let padded: UInt8 = 0x08
        static let priority: UInt8 = 0x20
    }

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var block: [UInt8] = []
        while let frame = Frame(&rest) {
            switch frame.type {
            case FrameType.goAway:
                self = .refused
                return
            case FrameType.resetStream where frame.stream == Self.stream:
                self = .refused
                return
            case FrameType.headers where frame.stream == Self.stream, FrameType.continuation where frame.stream == Self.stream:
                guard let fragment = frame.fragment else {
                    self = .refused
                    return
                }
                block += fragment
                guard frame.flags & Flags.endHeaders != 0 else { continue }
                guard let fields = HeaderBlock(block), let status = fields.status else {
                    self = .refused
                    return
                }
                block = []
                // 1xx come before the answer (RFC 9110, section 15.2).
                if status < 200 { continue }
                self = .complete(HTTPAnswer(status: status, location: fields.location))
                return
            default: continue
            }
        }
        self = .incomplete
    }

    private struct Frame {
        let type: UInt8
        let flags: UInt8
        let stream: UInt32
        let payload: ArraySlice<UInt8>

        /// Takes one frame off; nil when there is no whole one.
        init?(_ bytes: inout ArraySlice<UInt8>) {
            guard bytes.count >= HTTP2Answer.frameHeadBytes else { return nil }
            let head = Array(bytes.prefix(HTTP2Answer.frameHeadBytes))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard bytes.count >= head.count + length else { return nil }
            type = head[3]
            flags = head[4]
            // The first bit is reserved.
            stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
            payload = bytes.dropFirst(head.count).prefix(length)
            bytes = bytes.dropFirst(head.count + length)
        }

        /// The part of a header block that the frame carries, without padding and priority; nil when its lengths don't add up.
        var fragment: ArraySlice<UInt8>? {
            guard type == FrameType.headers else { return payload }
            var fragment = payload
            var padding = 0
            if flags & Flags.padded != 0 {
                guard let length = fragment.popFirst() else { return nil }
                padding = Int(length)
            }
            if flags & Flags.priority != 0 { fragment = fragment.dropFirst(5) }
            return padding <= fragment.count ? fragment.dropLast(padding) : nil
        }
    }
}

/// The bytes of an HTTP/2 connection on which one request was sent (RFC 9113), as far as its answer's head.
enum HTTP2Answer {
    /// The one request's stream: a client's first.
    static let stream: UInt32 = 1
    static let frameHeadBytes = 9
    private static let frameTypeOffset = 3

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

    static func progress(of bytes: [UInt8]) -> HTTPAnswer.Progress {
        // The server's first frame is one of settings (RFC 9113, section 3.4): what has no such type is no HTTP/2, and would be
        // waited for as a frame of great length.
        if bytes.count > frameTypeOffset, bytes[frameTypeOffset] != FrameType.settings { return .refused }
        var rest = bytes[...]
        var block: [UInt8] = []
        while let frame = Frame(&rest) {
            switch frame.type {
            case FrameType.goAway:
                guard let last = frame.lastStream, last >= stream else { return .refused }
            case FrameType.resetStream where frame.stream == stream: return .refused
            case FrameType.headers where frame.stream == stream, FrameType.continuation where frame.stream == stream:
                guard let fragment = frame.fragment else { return .refused }
                block += fragment
                guard frame.flags & Flags.endHeaders != 0 else { continue }
                guard let fields = HeaderBlock(block), let status = fields.status else { return .refused }
                block = []
                // 1xx come before the answer (RFC 9110, section 15.2).
                if status < 200 { continue }
                return .complete(HTTPAnswer(status: status, location: fields.location))
            default: continue
            }
        }
        return .incomplete
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
            stream = Self.stream(head[5...])
            payload = bytes.dropFirst(head.count).prefix(length)
            bytes = bytes.dropFirst(head.count + length)
        }

        /// The first bit is reserved.
        private static func stream(_ bytes: some Sequence<UInt8>) -> UInt32 {
            bytes.reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        }

        /// The last stream that a server which goes away still answers (RFC 9113, section 6.8); nil when the frame is too short to
        /// say it, with the error's code.
        var lastStream: UInt32? {
            payload.count >= 8 ? Self.stream(payload.prefix(4)) : nil
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

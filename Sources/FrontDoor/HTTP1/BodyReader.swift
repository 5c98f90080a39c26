import Attribution

/// Reads one message body as its bytes come, of a known length or chunked (RFC 9112, sections 6.3 and 7.1).
struct BodyReader {
    enum Progress: Equatable {
        case needsMore
        case complete([UInt8])
        case fault(HeadFault)
    }

    private enum Expected {
        case plain(remaining: Int)
        case sizeStart, size, extensions, sizeLineFeed
        case chunk(remaining: Int)
        case chunkReturn, chunkLineFeed
        case trailerStart, trailer, trailerLineFeed
        case endLineFeed
    }

    /// Digits of a chunk size, leading zeros included: eight are four gigabytes.
    private static let sizeDigits = 8
    /// Bytes of chunk extensions and trailers in one message. Nobody sends any; they are read and dropped.
    private static let ignoredBytes = 4_096

    private var expected: Expected
    private var body: [UInt8] = []
    private var size = 0
    private var digits = 0
    private var ignored = 0

    /// nil when the head already says that the body is too large.
    init?(_ framing: MessageFraming.Body) {
        switch framing {
        case .none: expected = .plain(remaining: 0)
        case .length(let count):
            guard count <= RequestLimits.bodyBytes else { return nil }
            expected = .plain(remaining: count)
            body.reserveCapacity(count)
        case .chunked: expected = .sizeStart
        }
    }

    /// Reads on. `consumed` bytes of `input` belong to this body.
    mutating func read(_ input: UnsafeRawBufferPointer) -> (consumed: Int, progress: Progress) {
        var index = 0
        while true {
            if case .plain(0) = expected { return (index, .complete(body)) }
            guard index < input.count else { return (index, .needsMore) }
            if let remaining = remainingOfRun {
                let run = min(remaining, input.count - index)
                body.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[index..<index + run]))
                index += run
                endRun(remaining: remaining - run)
                continue
            }
            let byte = input[index]
            index += 1
            if let fault = step(byte) { return (index, .fault(fault)) }
        }
    }

    private var remainingOfRun: Int? {
        switch expected {
        case .plain(let remaining), .chunk(let remaining): remaining
        default: nil
        }
    }

    private mutating func endRun(remaining: Int) {
        if case .plain = expected {
            expected = .plain(remaining: remaining)
        } else {
            expected = remaining == 0 ? .chunkReturn : .chunk(remaining: remaining)
        }
    }

    /// One byte of what stands between the chunks.
    private mutating func step(_ byte: UInt8) -> HeadFault? {
        switch expected {
        case .sizeStart, .size: return readSize(byte)
        case .extensions: return readIgnored(byte, then: .sizeLineFeed)
        case .sizeLineFeed: return readSizeLineFeed(byte)
        case .chunkReturn: return expect(.carriageReturn, byte, then: .chunkLineFeed)
        case .chunkLineFeed: return expect(.lineFeed, byte, then: .sizeStart)
        case .trailerStart:
            if byte == .carriageReturn {
                expected = .endLineFeed
                return nil
            }
            guard byte.isToken else { return .malformed(.chunk) }
            expected = .trailer
            return readIgnored(byte, then: .trailerLineFeed)
        case .trailer: return readIgnored(byte, then: .trailerLineFeed)
        case .trailerLineFeed: return expect(.lineFeed, byte, then: .trailerStart)
        case .endLineFeed: return expect(.lineFeed, byte, then: .plain(remaining: 0))
        case .plain, .chunk: return nil
        }
    }

    private mutating func readSize(_ byte: UInt8) -> HeadFault? {
        if let digit = byte.hexValue {
            if case .sizeStart = expected { (size, digits, expected) = (0, 0, .size) }
            digits += 1
            guard digits <= Self.sizeDigits else { return .malformed(.chunk) }
            size = size << 4 | Int(digit)
            return nil
        }
        guard digits > 0, case .size = expected else { return .malformed(.chunk) }
        switch byte {
        case .carriageReturn: expected = .sizeLineFeed
        case UInt8(ascii: ";"): expected = .extensions
        default: return .malformed(.chunk)
        }
        return nil
    }

    private mutating func readSizeLineFeed(_ byte: UInt8) -> HeadFault? {
        guard byte == .lineFeed else { return .malformed(.chunk) }
        guard size <= RequestLimits.bodyBytes - body.count else { return .bodyTooLarge }
        expected = size == 0 ? .trailerStart : .chunk(remaining: size)
        return nil
    }

    private mutating func readIgnored(_ byte: UInt8, then next: Expected) -> HeadFault? {
        if byte == .carriageReturn {
            expected = next
            return nil
        }
        ignored += 1
        guard ignored <= Self.ignoredBytes else { return .headTooLarge }
        return byte.isFieldValue ? nil : .malformed(.chunk)
    }

    private mutating func expect(_ wanted: UInt8, _ byte: UInt8, then next: Expected) -> HeadFault? {
        guard byte == wanted else { return .malformed(.chunk) }
        expected = next
        return nil
    }
}

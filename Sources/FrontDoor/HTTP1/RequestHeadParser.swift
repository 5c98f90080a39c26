package import Attribution

/// Reads one HTTP/1 request head from bytes as they come (RFC 9112, sections 2 to 5).
///
/// It may be interrupted after any byte. Nearly all heads come whole, and are read where they lie; of one that comes in pieces
/// the line that was cut is read again from its beginning, which costs less than the read that brought the next piece. It is
/// strict where leniency smuggles requests (line ends, folded fields, white space around names) and lenient in the target,
/// where real clients break the grammar and nothing depends on it.
package struct RequestHeadParser {
    package enum Progress {
        case needsMore
        case complete(RequestHead)
        case fault(HeadFault)
    }

    /// What stands next in the head.
    private enum Expected {
        case emptyLine, requestLine, field
    }

    /// What became of one line.
    private enum Line {
        /// The next line, if any, begins behind it.
        case read
        /// It was the empty line at the head's end.
        case last
        case cut
        case fault(HeadFault)
    }

    /// Where a field lies in the head. 16 bits, because a head has at most 16 KiB.
    private struct FieldPlace {
        let nameStart, nameEnd, valueStart, valueEnd: UInt16
    }

    /// Empty lines before a request line that are forgiven: old clients end a form with one too many (RFC 9112, section 2.2).
    private static let forgivenEmptyLines = 2
    /// Longer than any registered method (`UPDATEREDIRECTREF` has 17).
    private static let methodBytes = 32
    /// The digits are looked at for themselves, the last one alone.
    private static let versionPattern: StaticString = "HTTP/1.x\r\n"
    /// As many fields as browsers send.
    private static let usualFields = 16

    private var expected = Expected.emptyLine
    /// The head so far, when it comes in pieces.
    private var bytes: [UInt8] = []
    private var emptyLines = 0
    /// Where the next line begins.
    private var lineStart = 0
    private var method = 0..<0
    private var target = 0..<0
    private var version = RequestHead.Version.http11
    /// Whether the method was read and is HEAD, whose answers have no body, not even when the rest of the head is refused.
    private(set) var isHead = false
    private var fields: [FieldPlace] = []

    package init() {}

    /// Whether a byte of a head has come: empty lines before it are none.
    var hasBegun: Bool { expected != .emptyLine }

    /// Begins anew, with the memory that earlier heads have needed.
    mutating func restart() {
        expected = .emptyLine
        bytes.removeAll(keepingCapacity: true)
        emptyLines = 0
        lineStart = 0
        isHead = false
        fields.removeAll(keepingCapacity: true)
    }

    /// Reads on. `consumed` bytes of `input` belong to the head (all of them unless it is complete); the parser is spent after
    /// anything but `needsMore`, until ``restart()``.
    package mutating func read(_ input: UnsafeRawBufferPointer) -> (consumed: Int, progress: Progress) {
        let before = bytes.count
        let piece = UnsafeRawBufferPointer(rebasing: input.prefix(RequestLimits.headBytes - before))
        let isWhole = before == 0
        if !isWhole { bytes.append(contentsOf: piece) }
        switch isWhole ? readLines(piece) : readLinesInPieces() {
        case .fault(let fault):
            return (piece.count, .fault(fault))
        case .last:
            let count = lineStart - before
            if isWhole { bytes.append(contentsOf: piece.prefix(count)) } else { bytes.removeLast(bytes.count - lineStart) }
            return (count, .complete(makeHead()))
        case .read, .cut:
            guard piece.count == input.count else { return (piece.count, .fault(.headTooLarge)) }
            if isWhole { bytes.append(contentsOf: piece) }
            return (piece.count, .needsMore)
        }
    }

    private mutating func readLinesInPieces() -> Line {
        let head = exchange(&bytes, with: [])
        defer { bytes = head }
        return head.withUnsafeBytes { readLines($0) }
    }

    /// Reads all lines that are there, up to the head's end.
    private mutating func readLines(_ head: UnsafeRawBufferPointer) -> Line {
        while lineStart < head.count {
            let line: Line =
                switch expected {
                case .emptyLine: readEmptyLine(head)
                case .requestLine: readRequestLine(head)
                case .field: readField(head)
                }
            guard case .read = line else { return line }
        }
        return .read
    }

    /// Hands the bytes over: the head may append to them, which would copy them if they were held here as well.
    private mutating func makeHead() -> RequestHead {
        var head = RequestHead(bytes: exchange(&bytes, with: []), method: method, target: target, version: version)
        for field in fields {
            head.addField(
                name: Int(field.nameStart)..<Int(field.nameEnd), value: Int(field.valueStart)..<Int(field.valueEnd))
        }
        return head
    }
}

// MARK: The request line

extension RequestHeadParser {
    private mutating func readEmptyLine(_ head: UnsafeRawBufferPointer) -> Line {
        guard head[lineStart] == .carriageReturn, emptyLines < Self.forgivenEmptyLines else {
            expected = .requestLine
            return .read
        }
        let line = endLine(head, at: lineStart)
        if case .read = line { emptyLines += 1 }
        return line
    }

    private mutating func readRequestLine(_ head: UnsafeRawBufferPointer) -> Line {
        let methodEnd = head.firstNoToken(from: lineStart)
        guard methodEnd - lineStart <= Self.methodBytes else { return .fault(.malformed(.method)) }
        guard methodEnd < head.count else { return .cut }
        guard head[methodEnd] == .space, methodEnd > lineStart else { return .fault(.malformed(.method)) }
        isHead = head[lineStart..<methodEnd].elementsEqual("HEAD".utf8)

        let targetStart = methodEnd + 1
        let targetEnd = head.firstControl(from: targetStart, below: .space + 1)
        guard targetEnd - targetStart <= RequestLimits.targetBytes else { return .fault(.targetTooLong) }
        guard targetEnd < head.count else { return .cut }
        guard head[targetEnd] == .space, targetEnd > targetStart else {
            // A line that ends here is HTTP/0.9's.
            let endsHere = head[targetEnd] == .carriageReturn || head[targetEnd] == .space
            return .fault(.malformed(endsHere ? .requestLine : .target))
        }
        method = lineStart..<methodEnd
        target = targetStart..<targetEnd
        return readVersion(head, from: targetEnd + 1)
    }

    private mutating func readVersion(_ head: UnsafeRawBufferPointer, from start: Int) -> Line {
        let pattern = Self.versionPattern.bytes
        for offset in 0..<min(pattern.count, head.count - start) {
            let byte = head[start + offset]
            switch offset {
            case 5 where byte != pattern[5] && byte.isASCIIDigit: return .fault(.version)
            case 7:
                guard byte.isASCIIDigit else { return .fault(.malformed(.requestLine)) }
                guard byte <= UInt8(ascii: "1") else { return .fault(.version) }
                version = byte == UInt8(ascii: "1") ? .http11 : .http10
            case 8 where byte == .lineFeed, 9 where byte != .lineFeed: return .fault(.malformed(.lineEnd))
            // Something else than a version after a space: the space was part of the target.
            case ..<5 where byte != pattern[offset]: return .fault(.malformed(.target))
            default: guard byte == pattern[offset] else { return .fault(.malformed(.requestLine)) }
            }
        }
        guard head.count - start >= pattern.count else { return .cut }
        lineStart = start + pattern.count
        expected = .field
        return .read
    }

    /// The line feed behind a carriage return that stands at `index`.
    private mutating func endLine(_ head: UnsafeRawBufferPointer, at index: Int) -> Line {
        guard index + 1 < head.count else { return .cut }
        guard head[index + 1] == .lineFeed else { return .fault(.malformed(.lineEnd)) }
        lineStart = index + 2
        return .read
    }
}

// MARK: Fields

extension RequestHeadParser {
    private mutating func readField(_ head: UnsafeRawBufferPointer) -> Line {
        let first = head[lineStart]
        guard first > .space else { return readNoField(head, first) }
        guard fields.count < RequestLimits.fields else { return .fault(.headTooLarge) }

        let nameEnd = head.firstNoToken(from: lineStart)
        guard nameEnd < head.count else { return .cut }
        guard head[nameEnd] == UInt8(ascii: ":"), nameEnd > lineStart else { return .fault(.malformed(.fieldName)) }

        var valueStart = nameEnd + 1
        while valueStart < head.count, head[valueStart].isBlank { valueStart += 1 }
        let end = head.firstControl(from: valueStart, below: .space)
        guard end < head.count else { return .cut }
        guard head[end] == .carriageReturn else {
            return .fault(.malformed(head[end] == .lineFeed ? .lineEnd : .fieldValue))
        }
        var valueEnd = end
        while valueEnd > valueStart, head[valueEnd - 1].isBlank { valueEnd -= 1 }

        let place = FieldPlace(
            nameStart: UInt16(lineStart), nameEnd: UInt16(nameEnd), valueStart: UInt16(valueStart), valueEnd: UInt16(valueEnd))
        let line = endLine(head, at: end)
        guard case .read = line else { return line }
        if fields.isEmpty { fields.reserveCapacity(Self.usualFields) }
        fields.append(place)
        return .read
    }

    /// A line that begins with a control character or a space: the head's end, if anything.
    private mutating func readNoField(_ head: UnsafeRawBufferPointer, _ first: UInt8) -> Line {
        switch first {
        case .carriageReturn:
            let line = endLine(head, at: lineStart)
            if case .read = line { return .last }
            return line
        case .space, .tab: return .fault(.malformed(.foldedField))
        case .lineFeed: return .fault(.malformed(.lineEnd))
        default: return .fault(fields.count < RequestLimits.fields ? .malformed(.fieldName) : .headTooLarge)
        }
    }
}

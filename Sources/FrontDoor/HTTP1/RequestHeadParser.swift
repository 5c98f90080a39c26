package import Attribution

/// Reads one HTTP/1 request head from bytes as they come (RFC 9112, sections 2 to 5).
///
/// It may be interrupted after any byte; each byte is looked at once. It is strict where leniency smuggles requests (line
/// ends, folded fields, white space around names) and lenient in the target, where real clients break the grammar and
/// nothing depends on it.
package struct RequestHeadParser {
    package enum Progress {
        case needsMore
        case complete(RequestHead)
        case fault(HeadFault)
    }

    private enum Expected {
        case emptyLine
        case method, target, version
        case requestLineFeed
        case fieldStart, fieldName
        case valueStart, value
        case fieldLineFeed
        case endLineFeed
    }

    /// Empty lines before a request line that are forgiven: old clients end a form with one too many (RFC 9112, section 2.2).
    private static let forgivenEmptyLines = 2
    /// Longer than any registered method (`UPDATEREDIRECTREF` has 17).
    private static let methodBytes = 32
    private static let versionPrefix: StaticString = "HTTP/"
    /// `HTTP/1.1`
    private static let versionBytes = 8

    package init() {}

    private var expected = Expected.emptyLine
    /// The head so far.
    private var bytes: [UInt8] = []
    private var emptyLines = 0
    /// Where the part that is being read began.
    private var partStart = 0
    private var method = 0..<0
    private var target = 0..<0
    private var minorVersion: UInt8 = 0
    private var name = 0..<0
    /// The end of the value so far, white space behind it left out.
    private var valueEnd = 0
    private var fields: [(name: Range<Int>, value: Range<Int>)] = []

    /// Whether a byte of a head has come: empty lines before it are none.
    var hasBegun: Bool { expected != .emptyLine }

    /// Reads on. `consumed` bytes of `input` belong to the head (all of them unless it is complete); the parser is spent after
    /// anything but `needsMore`.
    package mutating func read(_ input: UnsafeRawBufferPointer) -> (consumed: Int, progress: Progress) {
        let base = bytes.count
        // The byte after the last that this head may have: reading it means that the head is too large.
        let end = min(input.count, RequestLimits.headBytes - base)
        var index = 0
        while index < end {
            if let fault = step(input, &index, end: end, base: base) {
                return (index, .fault(fault))
            }
            if expected == .endLineFeed, index < end {
                guard input[index] == .lineFeed else { return (index, .fault(.malformed(.lineEnd))) }
                index += 1
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[..<index]))
                return (index, .complete(makeHead()))
            }
        }
        if index < input.count {
            return (index, .fault(isInTarget ? .targetTooLong : .headTooLarge))
        }
        bytes.append(contentsOf: input)
        return (index, .needsMore)
    }

    private var isInTarget: Bool { expected == .target }

    /// Reads one part of the head or as much of it as is there: at least one byte.
    @inline(__always)
    private mutating func step(_ input: UnsafeRawBufferPointer, _ index: inout Int, end: Int, base: Int) -> HeadFault? {
        switch expected {
        case .emptyLine: readEmptyLine(input, &index, base: base)
        case .method: readMethod(input, &index, end: end, base: base)
        case .target: readTarget(input, &index, end: end, base: base)
        case .version: readVersion(input, &index, end: end, base: base)
        case .requestLineFeed, .fieldLineFeed: readLineFeed(input, &index)
        case .fieldStart: readFieldStart(input, &index, base: base)
        case .fieldName: readFieldName(input, &index, end: end, base: base)
        case .valueStart: readValueStart(input, &index, end: end, base: base)
        case .value: readValue(input, &index, end: end, base: base)
        case .endLineFeed: nil
        }
    }

    private func makeHead() -> RequestHead {
        var head = RequestHead(bytes: bytes, method: method, target: target, version: minorVersion == 0 ? .http10 : .http11)
        for field in fields { head.addField(name: field.name, value: field.value) }
        return head
    }
}

// MARK: The request line

extension RequestHeadParser {
    private mutating func readEmptyLine(_ input: UnsafeRawBufferPointer, _ index: inout Int, base: Int) -> HeadFault? {
        let position = base + index
        switch (input[index], position.isMultiple(of: 2)) {
        case (.carriageReturn, true) where emptyLines < Self.forgivenEmptyLines, (.lineFeed, false):
            emptyLines += position.isMultiple(of: 2) ? 0 : 1
            index += 1
            return nil
        case (_, true):
            partStart = position
            expected = .method
            return nil
        case (_, false):
            return .malformed(.lineEnd)
        }
    }

    private mutating func readMethod(_ input: UnsafeRawBufferPointer, _ index: inout Int, end: Int, base: Int) -> HeadFault? {
        while index < end, input[index].isToken { index += 1 }
        let length = base + index - partStart
        guard length <= Self.methodBytes else { return .malformed(.method) }
        guard index < end else { return nil }
        guard input[index] == .space, length > 0 else { return .malformed(.method) }
        method = partStart..<base + index
        index += 1
        partStart = base + index
        expected = .target
        return nil
    }

    private mutating func readTarget(_ input: UnsafeRawBufferPointer, _ index: inout Int, end: Int, base: Int) -> HeadFault? {
        while index < end, input[index].isTarget { index += 1 }
        guard base + index - partStart <= RequestLimits.targetBytes else { return .targetTooLong }
        guard index < end else { return nil }
        guard input[index] == .space, base + index > partStart else {
            // A line that ends here is HTTP/0.9's.
            return .malformed(input[index] == .carriageReturn || input[index] == .space ? .requestLine : .target)
        }
        target = partStart..<base + index
        index += 1
        partStart = base + index
        expected = .version
        return nil
    }

    private mutating func readVersion(_ input: UnsafeRawBufferPointer, _ index: inout Int, end: Int, base: Int) -> HeadFault? {
        while index < end {
            let byte = input[index]
            let offset = base + index - partStart
            switch offset {
            case ..<5:
                // Something else than a version after a space: the space was part of the target.
                guard byte == Self.versionPrefix.bytes[offset] else { return .malformed(.target) }
            case 5:
                guard byte.isASCIIDigit else { return .malformed(.requestLine) }
                guard byte == UInt8(ascii: "1") else { return .version }
            case 6:
                guard byte == UInt8(ascii: ".") else { return .malformed(.requestLine) }
            case 7:
                guard byte.isASCIIDigit else { return .malformed(.requestLine) }
                minorVersion = byte - UInt8(ascii: "0")
                guard minorVersion <= 1 else { return .version }
            default:
                guard byte == .carriageReturn else { return .malformed(byte == .lineFeed ? .lineEnd : .requestLine) }
                expected = .requestLineFeed
            }
            index += 1
            if offset == Self.versionBytes { return nil }
        }
        return nil
    }

    private mutating func readLineFeed(_ input: UnsafeRawBufferPointer, _ index: inout Int) -> HeadFault? {
        guard input[index] == .lineFeed else { return .malformed(.lineEnd) }
        index += 1
        expected = .fieldStart
        return nil
    }
}

// MARK: Fields

extension RequestHeadParser {
    private mutating func readFieldStart(_ input: UnsafeRawBufferPointer, _ index: inout Int, base: Int) -> HeadFault? {
        switch input[index] {
        case .carriageReturn:
            index += 1
            expected = .endLineFeed
        case .space, .tab:
            return .malformed(.foldedField)
        case .lineFeed:
            return .malformed(.lineEnd)
        default:
            guard fields.count < RequestLimits.fields else { return .headTooLarge }
            partStart = base + index
            expected = .fieldName
        }
        return nil
    }

    private mutating func readFieldName(_ input: UnsafeRawBufferPointer, _ index: inout Int, end: Int, base: Int) -> HeadFault? {
        while index < end, input[index].isToken { index += 1 }
        guard index < end else { return nil }
        guard input[index] == UInt8(ascii: ":"), base + index > partStart else { return .malformed(.fieldName) }
        name = partStart..<base + index
        index += 1
        expected = .valueStart
        return nil
    }

    private mutating func readValueStart(_ input: UnsafeRawBufferPointer, _ index: inout Int, end: Int, base: Int) -> HeadFault? {
        while index < end, input[index].isBlank { index += 1 }
        guard index < end else { return nil }
        partStart = base + index
        valueEnd = partStart
        expected = .value
        return nil
    }

    private mutating func readValue(_ input: UnsafeRawBufferPointer, _ index: inout Int, end: Int, base: Int) -> HeadFault? {
        while index < end, input[index].isFieldValue {
            index += 1
            if !input[index - 1].isBlank { valueEnd = base + index }
        }
        guard index < end else { return nil }
        guard input[index] == .carriageReturn else {
            return .malformed(input[index] == .lineFeed ? .lineEnd : .fieldValue)
        }
        fields.append((name, partStart..<valueEnd))
        index += 1
        expected = .fieldLineFeed
        return nil
    }
}

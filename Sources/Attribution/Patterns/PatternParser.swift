/// Reads the pattern dialect: literals, `.`, classes, groups, alternatives, repetitions, anchors.
struct PatternParser {
    private var scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private var ignoresCase = false

    /// Groups in groups; bounds the parser's recursion.
    static let maximumDepth = 50
    /// The greatest count in a repetition.
    static let maximumCount = 1_000

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(ValuePattern.SyntaxError) -> PatternNode {
        let node = try parseAlternatives()
        if next == ")" { throw mistake("there is no group that this parenthesis closes") }
        return node
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private func mistake(_ message: String, at place: Int? = nil) -> ValuePattern.SyntaxError {
        ValuePattern.SyntaxError(message: message, position: (place ?? position) + 1)
    }

    private mutating func parseAlternatives() throws(ValuePattern.SyntaxError) -> PatternNode {
        var alternatives = [try parseSequence()]
        while take("|") { alternatives.append(try parseSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func parseSequence() throws(ValuePattern.SyntaxError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            let node = try parseAtom()
            nodes.append(try parseRepetition(of: node, from: start))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func parseRepetition(of node: PatternNode, from start: Int) throws(ValuePattern.SyntaxError) -> PatternNode {
        let place = position
        guard let bounds = try parseBounds() else { return node }
        // Only an assertion that stands alone: in a group it may be repeated, though it comes to nothing.
        if case .assertion = node, scalars[start] != "(" {
            throw mistake("there is nothing here that can be repeated", at: start)
        }
        // A lazy repetition matches the same whole values as a greedy one.
        _ = take("?")
        if next == "+" { throw mistake("possessive repetition is not supported: patterns are matched in bounded time") }
        let repetition = position
        if try parseBounds() != nil { throw mistake("a repetition can't be repeated; put it in a group", at: repetition) }
        if let most = bounds.most, most < bounds.least {
            throw mistake("the repetition's upper bound is below its lower bound", at: place)
        }
        return .repeated(node, least: bounds.least, most: bounds.most)
    }

    private mutating func parseBounds() throws(ValuePattern.SyntaxError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard next == "{" else { return nil }
        let place = position
        position += 1
        let least = try parseCount()
        let hasComma = take(",")
        let most = hasComma ? try parseCount() : least
        guard take("}"), least != nil || most != nil else {
            // A brace that counts nothing stands for itself.
            position = place
            return nil
        }
        return (least ?? 0, most)
    }

    private mutating func parseCount() throws(ValuePattern.SyntaxError) -> Int? {
        var count: Int?
        while let digit = next, let value = "0123456789".unicodeScalars.contains(digit) ? Int(digit.value) - 48 : nil {
            count = (count ?? 0) * 10 + value
            if count! > Self.maximumCount { throw mistake("a repetition counts at most \(Self.maximumCount)") }
            position += 1
        }
        return count
    }

    private mutating func parseAtom() throws(ValuePattern.SyntaxError) -> PatternNode {
        let place = position
        guard let scalar = next else { return .empty }
        switch scalar {
        case "(": return try parseGroup()
        case "[": return .scalar(try parseClass())
        case "*", "+", "?": throw mistake("there is nothing here that can be repeated")
        case "\\": return try parseEscape()
        default: break
        }
        if scalar == "{", try parseBounds() != nil { throw mistake("there is nothing here that can be repeated", at: place) }
        position += 1
        switch scalar {
        case ".": return .scalar(ScalarSet.lineEnd.inverted())
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        default: return .scalar(folded(ScalarSet(scalar)))
        }
    }

    private func folded(_ set: ScalarSet) -> ScalarSet {
        ignoresCase ? set.ignoringASCIICase() : set
    }

    private mutating func parseGroup() throws(ValuePattern.SyntaxError) -> PatternNode {
        let start = position
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw mistake("groups are nested too deep") }
        position += 1
        let outerIgnoresCase = ignoresCase
        if take("?") {
            if take("i)") {
                ignoresCase = true
                return .empty
            }
            if take("i:") {
                ignoresCase = true
            } else if !take(":") {
                try parseGroupName()
            }
        }
        let node = try parseAlternatives()
        guard take(")") else { throw mistake("the group that begins here is not closed", at: start) }
        ignoresCase = outerIgnoresCase
        return node
    }

    private mutating func parseGroupName() throws(ValuePattern.SyntaxError) {
        let start = position
        _ = take("P")
        guard take("<"), let first = next, ScalarSet.word.contains(first) else {
            throw mistake("this kind of group is not supported: patterns are matched in bounded time", at: start)
        }
        while let scalar = next, ScalarSet.word.contains(scalar) { position += 1 }
        guard take(">") else { throw mistake("the group's name is not closed by >", at: start) }
    }

    // MARK: Escapes

    private mutating func parseEscape() throws(ValuePattern.SyntaxError) -> PatternNode {
        let place = position
        position += 1
        if take("b") { return .assertion(.wordBoundary) }
        if take("B") { return .assertion(.noWordBoundary) }
        if take("A") { return .assertion(.start) }
        if take("z") || take("Z") { return .assertion(.end) }
        position = place
        return .scalar(folded(try parseEscapedSet()))
    }

    /// An escape that stands for one scalar out of a set, as it may also stand in a class.
    private mutating func parseEscapedSet() throws(ValuePattern.SyntaxError) -> ScalarSet {
        let place = position
        position += 1
        guard let scalar = next else { throw mistake("there is nothing behind the backslash", at: place) }
        position += 1
        switch scalar {
        case "d": return .digit
        case "D": return ScalarSet.digit.inverted()
        case "w": return .word
        case "W": return ScalarSet.word.inverted()
        case "s": return .space
        case "S": return ScalarSet.space.inverted()
        case "h": return .horizontalSpace
        case "v": return .verticalSpace
        case "t": return ScalarSet("\t")
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "f": return ScalarSet("\u{0C}")
        case "e": return ScalarSet("\u{1B}")
        case "a": return ScalarSet("\u{07}")
        case "0": return ScalarSet("\0")
        case "x": return ScalarSet(try parseScalarValue(digits: 2, from: place))
        case "u": return ScalarSet(try parseScalarValue(digits: 4, from: place))
        case "U": return ScalarSet(try parseScalarValue(digits: 8, from: place))
        default: break
        }
        guard !(ScalarSet.word.contains(scalar) && scalar != "_") else {
            throw mistake("\\\(scalar) is not known in patterns", at: place)
        }
        return ScalarSet(scalar)
    }

    /// `digits` hexadecimal digits, or any number of them in braces.
    private mutating func parseScalarValue(digits: Int, from place: Int) throws(ValuePattern.SyntaxError) -> Unicode.Scalar {
        let isBraced = take("{")
        var text = ""
        while let scalar = next, scalar.properties.isASCIIHexDigit, text.count < (isBraced ? 8 : digits) {
            text.unicodeScalars.append(scalar)
            position += 1
        }
        let isComplete = isBraced ? take("}") && !text.isEmpty : text.count == digits
        guard isComplete, let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw mistake("this escape names no Unicode scalar", at: place)
        }
        return scalar
    }

    // MARK: Classes

    private mutating func parseClass() throws(ValuePattern.SyntaxError) -> ScalarSet {
        let start = position
        position += 1
        let isInverted = take("^")
        var set = ScalarSet([])
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            set = set.union(try parseClassMember(from: start))
        }
        guard take("]") else { throw mistake("the class that begins here is not closed", at: start) }
        if ignoresCase { set = set.ignoringASCIICase() }
        return isInverted ? set.inverted() : set
    }

    private mutating func parseClassMember(from start: Int) throws(ValuePattern.SyntaxError) -> ScalarSet {
        if take("[:") { return try parsePOSIXClass() }
        let place = position
        let (set, lower) = try parseClassScalar(from: start)
        guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else { return set }
        position += 1
        let (_, upper) = try parseClassScalar(from: start)
        guard let lower, let upper, lower.value <= upper.value else {
            throw mistake("the range's end lies before its beginning", at: place)
        }
        return ScalarSet([lower.value...upper.value])
    }

    /// One member, and the scalar that it is when it is a single one, which a range may begin or end with.
    private mutating func parseClassScalar(from start: Int) throws(ValuePattern.SyntaxError) -> (ScalarSet, Unicode.Scalar?) {
        guard let scalar = next else { throw mistake("the class that begins here is not closed", at: start) }
        if scalar == "[" { throw mistake("a [ within a class is written \\[") }
        if scalar == "\\" {
            let set = try parseEscapedSet()
            return (set, set.onlyMember)
        }
        position += 1
        return (ScalarSet(scalar), scalar)
    }

    private mutating func parsePOSIXClass() throws(ValuePattern.SyntaxError) -> ScalarSet {
        let place = position - 2
        let isInverted = take("^")
        var name = ""
        while let scalar = next, ScalarSet.word.contains(scalar) {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take(":]"), let set = ScalarSet.posix[name] else { throw mistake("there is no such class", at: place) }
        return isInverted ? set.inverted() : set
    }
}

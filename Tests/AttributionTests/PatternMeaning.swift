import SeededRandomness

/// A pattern that is known by its meaning: written as text for the engine under test, and matched by sets of places here.
indirect enum PatternMeaning: Sendable {
    case scalar(source: String, contains: @Sendable (Unicode.Scalar) -> Bool)
    case assertion(source: String, holds: @Sendable (Unicode.Scalar?, Unicode.Scalar?) -> Bool)
    case sequence([PatternMeaning])
    case alternatives([PatternMeaning])
    case repeated(PatternMeaning, source: String, least: Int, most: Int?)

    /// Every compound part stands in a group, so that the text means the same.
    var source: String {
        switch self {
        case .scalar(let source, _), .assertion(let source, _): source
        case .sequence(let parts): parts.map(\.grouped).joined()
        case .alternatives(let parts): parts.map(\.grouped).joined(separator: "|")
        case .repeated(let part, let source, _, _): part.grouped + source
        }
    }

    private var grouped: String {
        switch self {
        case .scalar: source
        default: "(?:\(source))"
        }
    }

    func matches(_ value: [Unicode.Scalar]) -> Bool {
        ends(from: [0], in: value).contains(value.count)
    }

    /// Where a match can end that begins at one of the places.
    private func ends(from places: Set<Int>, in value: [Unicode.Scalar]) -> Set<Int> {
        switch self {
        case .scalar(_, let contains):
            return Set(places.filter { $0 < value.count && contains(value[$0]) }.map { $0 + 1 })
        case .assertion(_, let holds):
            return places.filter { holds($0 > 0 ? value[$0 - 1] : nil, $0 < value.count ? value[$0] : nil) }
        case .sequence(let parts):
            return parts.reduce(places) { $1.ends(from: $0, in: value) }
        case .alternatives(let parts):
            return parts.reduce(into: []) { $0.formUnion($1.ends(from: places, in: value)) }
        case .repeated(let part, _, let least, let most):
            var reached = places
            for _ in 0..<least { reached = part.ends(from: reached, in: value) }
            // More rounds than the value has places reach nothing new.
            var all = reached
            for _ in 0..<min(most.map { $0 - least } ?? .max, value.count + 1) {
                reached = part.ends(from: reached, in: value)
                all.formUnion(reached)
            }
            return all
        }
    }

    static func random(depth: Int, _ generator: inout SplitMix64) -> PatternMeaning {
        guard depth > 0, !generator.once(in: 5) else { return leaf(&generator) }
        let count = Int.random(in: 1...3, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return .sequence((0..<count).map { _ in random(depth: depth - 1, &generator) })
        case 1: return .alternatives((0..<count).map { _ in random(depth: depth - 1, &generator) })
        default:
            let least = Int.random(in: 0...2, using: &generator)
            let most = least + Int.random(in: 0...2, using: &generator)
            let part = random(depth: depth - 1, &generator)
            return [
                .repeated(part, source: "*", least: 0, most: nil), .repeated(part, source: "+", least: 1, most: nil),
                .repeated(part, source: "?", least: 0, most: 1), .repeated(part, source: "*?", least: 0, most: nil),
                .repeated(part, source: "{\(least)}", least: least, most: least),
                .repeated(part, source: "{\(least),}", least: least, most: nil),
                .repeated(part, source: "{\(least),\(most)}", least: least, most: most),
            ].pick(&generator)
        }
    }

    private static func leaf(_ generator: inout SplitMix64) -> PatternMeaning {
        generator.once(in: 12) ? assertions.pick(&generator) : scalars.pick(&generator)
    }

    private static let scalars: [PatternMeaning] = [
        .scalar(source: "a") { $0 == "a" },
        .scalar(source: "b") { $0 == "b" },
        .scalar(source: "é") { $0 == "é" },
        .scalar(source: ".") { _ in true },
        .scalar(source: "(?i:a)") { $0 == "a" || $0 == "A" },
        .scalar(source: "[abc]") { "abc".unicodeScalars.contains($0) },
        .scalar(source: "[^a]") { $0 != "a" },
        .scalar(source: "[a-c1]") { "abc1".unicodeScalars.contains($0) },
        .scalar(source: "(?i:[b-c_])") { "bcBC_".unicodeScalars.contains($0) },
        .scalar(source: "[^\\w]") { !isWord($0) },
        .scalar(source: "\\w") { isWord($0) },
        .scalar(source: "\\d") { ("0"..."9").contains($0) },
        .scalar(source: "\\D") { !("0"..."9").contains($0) },
        .scalar(source: "\\s") { $0 == " " },
        .scalar(source: "\\-") { $0 == "-" },
        .scalar(source: "\\x61") { $0 == "a" },
    ]

    private static let assertions: [PatternMeaning] = [
        .assertion(source: "^") { before, _ in before == nil },
        .assertion(source: "$") { _, after in after == nil },
        .assertion(source: "\\b") { isWord($0) != isWord($1) },
        .assertion(source: "\\B") { isWord($0) == isWord($1) },
    ]

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0)) } ?? false
    }
}

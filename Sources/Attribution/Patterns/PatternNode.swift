/// A parsed pattern.
indirect enum PatternNode {
    case empty
    case scalar(ScalarSet)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// `most` nil is without bound.
    case repeated(PatternNode, least: Int, most: Int?)
    case assertion(PatternAssertion)
}

/// A condition on a place between two scalars.
enum PatternAssertion: Sendable {
    case start
    case end
    case wordBoundary
    case noWordBoundary

    func holds(before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
        switch self {
        case .start: before == nil
        case .end: after == nil
        case .wordBoundary: Self.isWord(before) != Self.isWord(after)
        case .noWordBoundary: Self.isWord(before) == Self.isWord(after)
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map(ScalarSet.word.contains) ?? false
    }
}

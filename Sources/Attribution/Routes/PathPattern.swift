/// A path that a route matches, segment by segment.
package struct PathPattern: Hashable, Sendable {
    package enum Segment: Hashable, Sendable {
        /// Decoded, in lower case.
        case literal([UInt8])
        /// `{partner}`
        case partner
    }

    package let text: String
    package let segments: [Segment]
}

/// A path that a route matches, segment by segment, without regard to ASCII case.
package struct PathPattern: Hashable, Sendable {
    /// What stands between two slashes.
    package enum Segment: Hashable, Sendable {
        /// Decoded, in ASCII lower case.
        case literal([UInt8])
        /// `{partner}`: any one segment, which is the first candidate for the Partner ID.
        case partner
    }

    /// As written in the route file.
    package let text: String
    package let segments: [Segment]

    /// Why no route may have a path.
    package enum Mistake: Error, Equatable, Sendable {
        case notAbsolute
        case queryOrFragment
        case template
        case ownPath(String)
        case controlCharacter
        case tooManySegments
    }

    /// Routes are kept as a tree of segments, whose depth this bounds.
    package static let maximumSegments = 64

    private static let template = Array("{partner}".utf8)

    /// - Throws: ``Mistake`` when no route may have the path.
    package init(_ text: String) throws(Mistake) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/") else { throw .notAbsolute }
        guard !bytes.contains(UInt8(ascii: "?")), !bytes.contains(UInt8(ascii: "#")) else { throw .queryOrFragment }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .controlCharacter }
        let path = RequestPath(bytes)
        guard path.count <= Self.maximumSegments else { throw .tooManySegments }
        var segments: [Segment] = []
        for index in 0..<path.count {
            if path[index].elementsEqual(Self.template) {
                segments.append(.partner)
            } else if path[index].contains(UInt8(ascii: "{")) || path[index].contains(UInt8(ascii: "}")) {
                throw .template
            } else {
                segments.append(.literal(path[index].map(\.asciiLowercased)))
            }
        }
        guard segments.count(where: { $0 == .partner }) <= 1 else { throw .template }
        self.text = text
        self.segments = segments
        if let own = Self.ownPath(below: segments) { throw .ownPath(own) }
    }

    /// Whether some path is matched by both.
    package func overlaps(_ other: PathPattern) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { $0 == $1 || $0 == .partner || $1 == .partner }
    }

    /// The service's own path that a literal path is or lies below. `/s` is one too: with a slash behind it, as a route's path
    /// may be asked for, no route would be found.
    private static func ownPath(below segments: [Segment]) -> String? {
        for own in OwnPath.allCases where segments == RequestPath(Array(own.rawValue.utf8)).literals {
            return own.rawValue
        }
        let reserved = RequestPath(Array(OwnPath.reservedPrefix.utf8)).literals
        return segments.starts(with: reserved) ? OwnPath.reservedPrefix : nil
    }
}

extension RequestPath {
    fileprivate var literals: [PathPattern.Segment] {
        (0..<count).map { .literal(Array(self[$0])) }
    }
}

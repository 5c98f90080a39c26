/// Paths as a tree of segments, so that a lookup costs the same at four routes and at a thousand.
final class PathTree: Sendable {
    private struct Node {
        let parent: Int
        /// What leads here from the parent, in lower case; where in ``PathTree/bytes``.
        let segment: Range<Int>
        /// The subtree behind `{partner}`.
        var template: Int?
        var routes: [Route] = []
    }

    private let nodes: [Node]
    /// The nodes' segments, one behind the other.
    private let bytes: [UInt8]
    /// Nodes by the hash of parent and segment, at the first free place behind it: half of the places are free. Nobody from
    /// outside can add a node, so the hash needs no secret.
    private let places: [Int?]

    init(_ routes: [Route]) {
        var builder = Builder()
        for route in routes {
            for path in route.paths { builder.insert(route, at: path.segments) }
        }
        var places = [Int?](repeating: nil, count: (2 * builder.nodes.count).nextPowerOfTwo)
        // The root and the subtrees behind templates are no segment's: nobody looks for them, and all would lie at one place.
        for (number, node) in builder.nodes.enumerated() where node.parent != Builder.none {
            var place = Self.hash(builder.bytes.span.extracting(node.segment), below: node.parent) & (places.count - 1)
            while places[place] != nil { place = (place + 1) & (places.count - 1) }
            places[place] = number
        }
        nodes = builder.nodes
        bytes = builder.bytes
        self.places = places
    }

    private struct Builder {
        static let none = -1
        var nodes = [Node(parent: none, segment: 0..<0)]
        var bytes: [UInt8] = []
        private var children: [Int: [[UInt8]: Int]] = [:]

        mutating func insert(_ route: Route, at segments: [PathPattern.Segment]) {
            var node = 0
            for segment in segments {
                switch segment {
                case .literal(let literal): node = child(literal, of: node)
                case .partner: node = template(of: node)
                }
            }
            nodes[node].routes.append(route)
        }

        private mutating func child(_ literal: [UInt8], of parent: Int) -> Int {
            if let known = children[parent]?[literal] { return known }
            let start = bytes.count
            bytes += literal
            nodes.append(Node(parent: parent, segment: start..<bytes.count))
            children[parent, default: [:]][literal] = nodes.count - 1
            return nodes.count - 1
        }

        private mutating func template(of parent: Int) -> Int {
            if let known = nodes[parent].template { return known }
            // No segment leads here: nobody's child, like the root.
            nodes.append(Node(parent: Self.none, segment: 0..<0))
            nodes[parent].template = nodes.count - 1
            return nodes.count - 1
        }
    }

    /// FNV-1a (draft-eastlake-fnv) over the segment in lower case. Unchecked, because the indices are the span's own.
    private static func hash(_ segment: Span<UInt8>, below parent: Int) -> Int {
        var hash = 0xCBF2_9CE4_8422_2325 ^ UInt64(truncatingIfNeeded: parent)
        for index in segment.indices { hash = (hash ^ UInt64(segment[unchecked: index].asciiLowercased)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }

    /// The most places that a look-up of a segment that is there goes through: what a test holds against the number of routes.
    var longestProbe: Int {
        let bytes = bytes
        var longest = 0
        for (number, node) in nodes.enumerated() where node.parent != Builder.none {
            let first = Self.hash(bytes.span.extracting(node.segment), below: node.parent)
            let place = places.firstIndex(of: number)!
            longest = max(longest, 1 + ((place - first) & (places.count - 1)))
        }
        return longest
    }

    private func child(_ segment: Span<UInt8>, of parent: Int) -> Int? {
        let bytes = bytes
        var place = Self.hash(segment, below: parent) & (places.count - 1)
        while let number = places[place] {
            let known = bytes.span.extracting(nodes[number].segment)
            if nodes[number].parent == parent, segment.isEqual(toLowercase: known) { return number }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    /// - Parameter host: normalised but for the case of its letters; nil when the client named none.
    /// - Returns: the route, and which segment stood in place of `{partner}`.
    func find(_ path: RequestPath, host: ArraySlice<UInt8>?) -> (Route, partnerSegment: Int?)? {
        find(path, segment: 0, below: 0, partnerSegment: nil, host: host)
    }

    /// Literal segments go before the template. As a path has one template at most, a path of n segments visits at most n² nodes.
    private func find(
        _ path: RequestPath,
        segment: Int,
        below node: Int,
        partnerSegment: Int?,
        host: ArraySlice<UInt8>?
    ) -> (Route, partnerSegment: Int?)? {
        if segment == path.count {
            for route in nodes[node].routes where route.isOn(host) { return (route, partnerSegment) }
            return nil
        }
        if let child = child(path[segment].span, of: node),
            let found = find(path, segment: segment + 1, below: child, partnerSegment: partnerSegment, host: host)
        {
            return found
        }
        guard let template = nodes[node].template else { return nil }
        return find(path, segment: segment + 1, below: template, partnerSegment: segment, host: host)
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { self < 2 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}

/// Paths as a tree of segments, so that a lookup costs the same at four routes and at a thousand.
final class PathTree: Sendable {
    private let root: Node

    private struct Node {
        var children: [ArraySlice<UInt8>: Node] = [:]
        /// The subtree behind `{partner}`, one element at most: a struct can't hold itself but in an array.
        var template: [Node] = []
        var routes: [Route] = []
    }

    init(_ routes: [Route]) {
        var root = Node()
        for route in routes {
            for path in route.paths { Self.insert(route, below: &root, at: path.segments[...]) }
        }
        self.root = root
    }

    private static func insert(_ route: Route, below node: inout Node, at segments: ArraySlice<PathPattern.Segment>) {
        switch segments.first {
        case nil:
            node.routes.append(route)
        case .literal(let bytes):
            insert(route, below: &node.children[bytes[...], default: Node()], at: segments.dropFirst())
        case .partner:
            if node.template.isEmpty { node.template.append(Node()) }
            insert(route, below: &node.template[0], at: segments.dropFirst())
        }
    }

    /// - Returns: the route, and which segment stood in place of `{partner}`.
    func find(_ path: RequestPath, host: String?) -> (Route, partnerSegment: Int?)? {
        Self.find(path, segment: 0, below: root, partnerSegment: nil, host: host)
    }

    /// Literal segments go before the template. As a path has one template at most, a path of n segments visits at most n² nodes.
    private static func find(
        _ path: RequestPath,
        segment: Int,
        below node: Node,
        partnerSegment: Int?,
        host: String?
    ) -> (Route, partnerSegment: Int?)? {
        if segment == path.count {
            let route = node.routes.first { $0.hosts.isEmpty || host.map($0.hosts.contains) ?? false }
            return route.map { ($0, partnerSegment) }
        }
        if let child = node.children[path[segment]],
            let found = find(path, segment: segment + 1, below: child, partnerSegment: partnerSegment, host: host)
        {
            return found
        }
        guard let template = node.template.first else { return nil }
        return find(path, segment: segment + 1, below: template, partnerSegment: segment, host: host)
    }
}

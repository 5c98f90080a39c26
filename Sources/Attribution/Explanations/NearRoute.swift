/// A route that a request missed narrowly: the same path on another host, or a path with a few letters off.
struct NearRoute {
    let route: Route
    let pattern: PathPattern
    let why: ExplanationWord
    /// Letters to change, put in or take out.
    let distance: Int

    /// More is another path, not a mistyped one.
    static let mostDistance = 3
    static let most = 3

    var row: [Fact] {
        [
            Fact(.route, route.name), Fact(.matches, pattern.text), Fact(.why, why),
            Fact(.hosts, route.hosts.joined(separator: " ")),
        ]
    }

    /// The nearest routes, the nearest first. Costs little for whatever path: those of other lengths are passed over unread.
    static func find(_ path: RequestPath, host: ArraySlice<UInt8>?, in routes: RouteTable) -> [NearRoute] {
        let near = routes.routes.compactMap { route in
            route.paths.compactMap { pattern in
                distance(from: pattern, to: path).map { distance in
                    NearRoute(
                        route: route, pattern: pattern, why: distance == 0 && !route.isOn(host) ? .otherHost : .otherPath,
                        distance: distance)
                }
            }.min { $0.distance < $1.distance }
        }
        return Array(near.sorted { $0.distance < $1.distance }.prefix(most))
    }

    /// - Returns: nil when the paths have little in common.
    private static func distance(from pattern: PathPattern, to path: RequestPath) -> Int? {
        var segments = (0..<path.count).map { path[$0].map(\.asciiLowercased) }
        // What stands in place of the Partner ID is not compared.
        for (index, segment) in pattern.segments.enumerated() where segment == .partner {
            guard index < segments.count else { return nil }
            segments[index] = []
        }
        let wanted = pattern.segments.map { segment -> [UInt8] in
            if case .literal(let literal) = segment { literal } else { [] }
        }
        let slash = [UInt8(ascii: "/")]
        return editDistance(
            Array(wanted.joined(separator: slash)), Array(segments.joined(separator: slash)), atMost: mostDistance)
    }

    /// Levenshtein's, row by row.
    private static func editDistance(_ first: [UInt8], _ second: [UInt8], atMost most: Int) -> Int? {
        guard abs(first.count - second.count) <= most else { return nil }
        var row = Array(0...second.count)
        for (line, byte) in first.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in second.indices {
                let above = row[column + 1]
                row[column + 1] = min(diagonal + (byte == second[column] ? 0 : 1), above + 1, row[column] + 1)
                diagonal = above
            }
            if row.min()! > most { return nil }
        }
        return row[second.count] <= most ? row[second.count] : nil
    }
}

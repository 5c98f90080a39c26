internal import Attribution

/// Finds what no file can know of itself: two routes of one name, and two routes for one path.
struct RouteComparison {
    private var names: [String: (file: String, position: TextPosition)] = [:]
    /// The paths seen so far by their number of segments: only those can match one path.
    private var paths: [Int: [(path: PathPattern, hosts: [String], file: String, position: TextPosition)]] = [:]
    private(set) var mistakes: [RouteMistake] = []

    /// - Parameter drafts: in the order of their files; the later of two gets the mistake.
    static func mistakes(among drafts: [RouteDraft]) -> [RouteMistake] {
        var comparison = RouteComparison()
        for draft in drafts {
            comparison.compareName(of: draft)
            comparison.comparePaths(of: draft)
        }
        return comparison.mistakes
    }

    private mutating func compareName(of draft: RouteDraft) {
        guard let name = draft.name else { return }
        guard let earlier = names[name.value] else {
            names[name.value] = (draft.file, name.position)
            return
        }
        mistakes.append(
            RouteMistake(
                file: draft.file,
                position: name.position,
                message: "another route is named \(name.value.quotedForMessage) too, at \(earlier.file):\(earlier.position), "
                    + "expected a name of its own"
            )
        )
    }

    private mutating func comparePaths(of draft: RouteDraft) {
        guard let hosts = draft.hosts else { return }
        for path in draft.paths {
            let candidates = paths[path.value.segments.count, default: []]
            let earlier = candidates.first { $0.path.overlaps(path.value) && Self.overlap($0.hosts, hosts) }
            guard let earlier else { continue }
            mistakes.append(
                RouteMistake(
                    file: draft.file,
                    position: path.position,
                    message: "the path \(path.value.text.quotedForMessage) is matched by another route's "
                        + "\(earlier.path.text.quotedForMessage) too, at \(earlier.file):\(earlier.position), "
                        + "expected other paths, or other hosts in both"
                )
            )
        }
        for path in draft.paths {
            paths[path.value.segments.count, default: []].append((path.value, hosts, draft.file, path.position))
        }
    }

    private static func overlap(_ left: [String], _ right: [String]) -> Bool {
        left.isEmpty || right.isEmpty || left.contains(where: right.contains)
    }
}

import RouteFiles

/// What `porter routes check` answers.
enum RoutesReport {
    static func text(count: Int) -> String {
        count == 1 ? "1 route is right" : "\(count) routes are right"
    }

    static func json(count: Int) -> String {
        "{\"right\": true, \"routes\": \(count), \"mistakes\": []}"
    }

    /// Line and column are null where the folder itself is meant.
    static func json(mistakes: [RouteMistake]) -> String {
        let objects = mistakes.map { mistake in
            let line = mistake.position.map { String($0.line) } ?? "null"
            let column = mistake.position.map { String($0.column) } ?? "null"
            return "{\"file\": \(JSONText.string(mistake.file)), \"line\": \(line), \"column\": \(column), "
                + "\"message\": \(JSONText.string(mistake.message))}"
        }
        return "{\"right\": false, \"mistakes\": [\n  \(objects.joined(separator: ",\n  "))\n]}"
    }
}

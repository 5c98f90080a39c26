import Attribution
import RouteFiles

/// One route as `porter routes list` shows it.
struct RouteRow {
    let route: Route
    /// The route's file.
    let file: String

    /// In the order of the routes' names.
    static func rows(of loaded: LoadedRoutes) -> [RouteRow] {
        let files = Dictionary(loaded.sources.map { ($0.name, $0.file) }) { first, _ in first }
        return loaded.table.routes.map { RouteRow(route: $0, file: files[$0.name] ?? "") }
    }

    // MARK: Text

    private static let titles = ["NAME", "PATHS", "HOSTS", "ENDPOINT", "ORIGIN", "DESTINATION"]

    private var cells: [String] {
        [
            route.name,
            route.paths.map(\.text).joined(separator: " "),
            route.hosts.isEmpty ? "any" : route.hosts.joined(separator: " "),
            route.endpoint.map { "\($0.edition.rawValue) \($0.action.rawValue)" } ?? "-",
            route.origin,
            "\(route.destination.status) \(route.destination.url)",
        ]
    }

    /// Columns two spaces apart, the last one open.
    static func table(_ rows: [RouteRow]) -> String {
        let lines = [titles] + rows.map(\.cells)
        let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            zip(cells, widths).enumerated().map { index, pair in
                index == cells.count - 1 ? pair.0 : pair.0 + String(repeating: " ", count: pair.1 - pair.0.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    // MARK: JSON

    static func json(_ rows: [RouteRow]) -> String {
        "[\n  \(rows.map(\.json).joined(separator: ",\n  "))\n]"
    }

    private var json: String {
        let members: [(String, String)] = [
            ("name", JSONText.string(route.name)),
            ("description", route.description.map(JSONText.string) ?? "null"),
            ("file", JSONText.string(file)),
            ("version", JSONText.string(route.version)),
            ("paths", JSONText.list(route.paths.map(\.text))),
            ("hosts", JSONText.list(route.hosts)),
            ("edition", route.endpoint.map { JSONText.string($0.edition.rawValue) } ?? "null"),
            ("action", route.endpoint.map { JSONText.string($0.action.rawValue) } ?? "null"),
            ("origin", JSONText.string(route.origin)),
            ("destination", JSONText.string(route.destination.url)),
            ("status", String(route.destination.status)),
        ]
        return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }
}

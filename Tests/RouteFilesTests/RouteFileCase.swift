import Attribution
import Foundation
import RouteFiles
import Testing

/// One `*.case` file: route files, a line of dashes, and what is expected of them.
///
/// A line `== NAME` begins a file; without one the text is `case.yaml`. Expected are either the mistakes, exactly as they are
/// told, or the routes, as ``description(of:)`` writes them.
struct RouteFileCase: CustomTestStringConvertible {
    let name: String
    let files: [RouteFile]
    let expected: [String]

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    static let all: [RouteFileCase] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".case") }.sorted().compactMap { name in
            (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)).map { RouteFileCase(name: name, text: $0) }
        }
    }()

    init(name: String, text: String) {
        self.name = name
        var files: [(name: String, lines: [String])] = [("case.yaml", [])]
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        while let line = lines.popFirst(), !line.hasPrefix("----------") {
            if line.hasPrefix("== ") {
                files.append((String(line.dropFirst(3)), []))
            } else {
                files[files.count - 1].lines.append(line)
            }
        }
        if files.count > 1 { files.removeFirst() }
        self.files = files.map { RouteFile(file: $0.name, text: Array(($0.lines + [""]).joined(separator: "\n").utf8)) }
        expected = lines.filter { !$0.isEmpty }
    }

    /// What the files really give, in the form of ``expected``.
    func outcome() -> [String] {
        do throws(RouteFileErrors) {
            return try RouteFolder.parse(files).table.routes.flatMap(Self.description(of:))
        } catch {
            return error.mistakes.map(\.description)
        }
    }
}

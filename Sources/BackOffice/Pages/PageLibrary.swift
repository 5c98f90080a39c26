import Foundation
import Mustache

/// The pages' templates, texts and static files, read once from the public folder.
package struct PageLibrary: Sendable {
    /// What is wrong with the folder: what, where, what to do.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// A file as browsers get it.
    struct StaticFile: Sendable {
        let mediaType: String
        let bytes: [UInt8]
    }

    private let templates: MustacheLibrary
    private let texts: [PageLanguage: [String: String]]
    let files: [String: StaticFile]
    /// The API's description; nil when the folder has none.
    var description: StaticFile?

    private static let descriptionName = "openapi.json"
    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "svg": "image/svg+xml", "js": "text/javascript; charset=utf-8",
    ]

    /// - Parameter folder: holds `*.mustache`, `en.txt`, `fr.txt` and static files.
    /// - Throws: ``Failure``.
    package static func load(folder: String) throws -> PageLibrary {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw Failure(
                description: "there are no pages of the back office in \(folder); name the folder that has them with --public")
        }
        MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
        var templates = MustacheLibrary()
        var files: [String: StaticFile] = [:]
        for name in names.sorted() {
            let path = folder + "/" + name
            if name.hasSuffix(".mustache") {
                let text = try read(path)
                do {
                    try templates.register(HTMLText.pragma + text, named: String(name.dropLast(".mustache".count)))
                } catch {
                    throw Failure(description: "the template \(path) can't be read: \(error)")
                }
            } else if let type = mediaTypes[String(name.split(separator: ".").last ?? "")] {
                files[name] = StaticFile(mediaType: type, bytes: Array(try read(path).utf8))
            }
        }
        var texts: [PageLanguage: [String: String]] = [:]
        for language in PageLanguage.allCases { texts[language] = try sentences(folder + "/\(language.rawValue).txt") }
        var library = PageLibrary(templates: templates, texts: texts, files: files)
        if names.contains(descriptionName) {
            library.description = StaticFile(
                mediaType: "application/json; charset=utf-8", bytes: Array(try read(folder + "/" + descriptionName).utf8))
        }
        return library
    }

    private static func read(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Failure(description: "\(path) can't be read; check that it is there and is UTF-8")
        }
        return text
    }

    /// `key = text`, one on each line; `#` begins a comment.
    private static func sentences(_ path: String) throws -> [String: String] {
        var sentences: [String: String] = [:]
        for line in try read(path).split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Failure(description: "\(path): \"\(line)\" is not `key = text`")
            }
            guard sentences.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw Failure(description: "\(path): \(parts[0]) stands there twice")
            }
        }
        return sentences
    }

    /// A sentence; its key, should it be missing, so that it is noticed.
    func text(_ key: String, in language: PageLanguage) -> String { texts[language]?[key] ?? key }

    func has(_ key: String) -> Bool { texts[.english]?[key] != nil }

    func allTexts(in language: PageLanguage) -> [String: String] { texts[language] ?? [:] }

    /// The keys of a language, for the test that all languages have the same.
    func keys(in language: PageLanguage) -> Set<String> { Set(allTexts(in: language).keys) }

    /// Renders a template; what it does not find is empty, and sections of empty texts are left out.
    func render(_ template: String, _ values: [String: Any]) -> String? {
        templates.getTemplate(named: template).map { $0.render(Self.prepared(values), library: templates) }
    }

    private static func prepared(_ value: Any) -> Any {
        switch value {
        case let text as String: RenderedText(renderText: text)
        case let values as [String: Any]: values.mapValues(prepared)
        case let values as [Any]: values.map(prepared)
        default: value
        }
    }
}

/// A text for the template engine, to which an empty one would otherwise be something that is there.
private struct RenderedText: MustacheCustomRenderable {
    let renderText: String

    var isNull: Bool { renderText.isEmpty }
}

import Attribution
import Foundation
import Testing

/// One of the files of texts in the public folder, as a reader of the file has it, not as the program reads it.
struct LanguageFile: CustomTestStringConvertible {
    /// Of the public folder: `errors`, the front door's pages, `kit`, the guide, `mail`, the notices, or `subscription`, the
    /// customer's page.
    let folder: String
    let language: DocumentedLanguage
    let sentences: [(key: String, text: String)]

    static let folders = ["errors", "kit", "mail", "subscription"]

    private static let publicFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Public")

    /// The names of a folder's files, without their endings.
    static func names(in folder: String) throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(atPath: publicFolder.appending(path: folder).path)
        return Set(names.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) })
    }

    /// One for each folder and language.
    static let all = folders.flatMap { folder in
        DocumentedLanguage.allCases.map { LanguageFile(folder: folder, language: $0) }
    }

    init(folder: String, language: DocumentedLanguage) {
        self.folder = folder
        self.language = language
        let file = Self.publicFolder.appending(path: "\(folder)/\(language.tag).txt")
        // A file that is not there has no sentence, and every test says so.
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        sentences = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let key = line.prefix { $0 != ":" }
            return (String(key), String(line.dropFirst(key.count + 2)))
        }
    }

    /// What the sentences are translated from.
    var english: [(key: String, text: String)] { Self(folder: folder, language: .english).sentences }

    /// Each sentence beside the English one.
    var pairs: [(key: String, text: String, english: String)] {
        let texts = Dictionary(sentences.map { ($0.key, $0.text) }) { first, _ in first }
        return english.map { ($0.key, texts[$0.key] ?? "", $0.text) }
    }

    var testDescription: String { "\(folder)/\(language.tag).txt" }
}

import Attribution
import DeploymentKit
import Foundation

/// The guide's page and texts, `kit/guide.html` and `kit/LANGUAGE.txt` of the public folder. They are read when a guide is made, so
/// that a sentence that somebody mends is there at once.
package struct GuideFolder: Sendable {
    private let path: String

    /// Larger files are no texts: a mistaken path.
    private static let maximumFileBytes = 262_144

    package init(publicFolder: String) {
        path = publicFolder + "/kit"
    }

    /// - Parameters:
    ///   - language: the tag of one of the guide's languages.
    ///   - wished: a tag whose language is taken when the guide speaks it, else English; nil for none.
    /// - Throws: ``KitFault``.
    func guide(language: String?, wished: String?) throws(KitFault) -> Guide {
        let chosen = try Self.choice(language: language, wished: wished)
        let (shell, texts) = ("\(path)/guide.html", "\(path)/\(chosen.tag).txt")
        return try Guide(
            shell: try Self.bytes(of: shell), file: shell,
            texts: try GuideTexts(try Self.bytes(of: texts), language: chosen, file: texts))
    }

    private static func choice(language tag: String?, wished: String?) throws(KitFault) -> DocumentedLanguage {
        guard let tag else { return wished.flatMap { DocumentedLanguage(nearestTo: $0) } ?? .english }
        guard let language = DocumentedLanguage(tag: tag) else { throw .language(tag) }
        return language
    }

    private static func bytes(of path: String) throws(KitFault) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path),
            let content = try? file.read(upToCount: maximumFileBytes + 1)
        else { throw KitFault("\(path) can't be read; name the folder of the guide's texts with --public") }
        guard content.count <= maximumFileBytes else {
            throw KitFault("\(path) is larger than \(maximumFileBytes) bytes; name the folder of the guide's texts with --public")
        }
        return [UInt8](content)
    }
}

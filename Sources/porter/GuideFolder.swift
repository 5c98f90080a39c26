import Attribution
import DeploymentKit
import Foundation
import Office

/// The guide's page and texts, `kit/guide.html` and `kit/LANGUAGE.txt` of the public folder.
enum GuideFolder {
    /// Larger files are no texts: a mistaken path.
    private static let maximumFileBytes = 262_144

    /// - Parameters:
    ///   - language: the tag of one of the guide's languages.
    ///   - wished: a tag whose language is taken when the guide speaks it, else English; nil for none.
    /// - Throws: ``CommandFailure``, ``KitFault``.
    static func guide(publicFolder: String, language: String?, wished: String?) throws -> Guide {
        let folder = publicFolder + "/kit"
        let chosen = try choice(language: language, wished: wished)
        let (shell, texts) = ("\(folder)/guide.html", "\(folder)/\(chosen.tag).txt")
        guard FileManager.default.fileExists(atPath: folder) else {
            throw CommandFailure(
                message: "there are no texts of the guide in \(folder); name the folder that has them with --public",
                exitCode: CommandFailure.badRequest)
        }
        return try Guide(
            shell: try bytes(of: shell), file: shell,
            texts: try GuideTexts(try bytes(of: texts), language: chosen, file: texts))
    }

    private static func choice(language tag: String?, wished: String?) throws -> DocumentedLanguage {
        guard let tag else { return wished.flatMap { DocumentedLanguage(nearestTo: $0) } ?? .english }
        guard let language = DocumentedLanguage(tag: tag) else {
            throw CommandFailure(
                message: "--language is \(PartnerText.quoted(tag)), expected one of \(DocumentedLanguage.tags)",
                exitCode: CommandFailure.badRequest)
        }
        return language
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        let bytes = try InputFile.bytes(of: path, limit: maximumFileBytes, called: path)
        guard bytes.count <= maximumFileBytes else {
            throw CommandFailure(
                message: "\(path) is larger than \(maximumFileBytes) bytes; name the folder of the guide's texts with --public",
                exitCode: CommandFailure.badRequest)
        }
        return bytes
    }
}

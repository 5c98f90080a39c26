import DeploymentKit
import Foundation
import Office

/// The guide's page and texts, `kit/guide.html` and `kit/LANGUAGE.txt` of the public folder.
enum GuideFolder {
    /// Larger files are no texts: a mistaken path.
    private static let maximumFileBytes = 262_144
    private static let suffix = ".txt"
    /// When there is no text in a partner's language.
    private static let fallback = "en"

    /// - Parameters:
    ///   - language: a tag that must be there.
    ///   - wished: a tag whose language is taken when it is there; nil for none.
    /// - Throws: ``CommandFailure``, ``KitFault``.
    static func guide(publicFolder: String, language: String?, wished: String?) throws -> Guide {
        let folder = publicFolder + "/kit"
        let tag = try choice(among: languages(in: folder), language: language, wished: wished)
        let (shell, texts) = ("\(folder)/guide.html", "\(folder)/\(tag)\(suffix)")
        return try Guide(
            shell: try bytes(of: shell), file: shell,
            texts: try GuideTexts(try bytes(of: texts), language: tag, file: texts))
    }

    private static func languages(in folder: String) throws -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw CommandFailure(
                message: "there are no texts of the guide in \(folder); name the folder that has them with --public",
                exitCode: CommandFailure.badRequest)
        }
        return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.map { String($0.dropLast(suffix.count)) }.sorted()
    }

    private static func choice(among tags: [String], language: String?, wished: String?) throws -> String {
        if let language {
            guard let tag = tags.first(where: { $0.lowercased() == language.lowercased() }) else {
                throw CommandFailure(
                    message: "--language is \(PartnerText.quoted(language)), expected one of \(tags.joined(separator: ", "))",
                    exitCode: CommandFailure.badRequest)
            }
            return tag
        }
        func main(_ tag: String) -> String { String(tag.lowercased().prefix { $0 != "-" }) }
        guard let wished else { return fallback }
        return tags.first { $0.lowercased() == wished.lowercased() } ?? tags.first { main($0) == main(wished) } ?? fallback
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

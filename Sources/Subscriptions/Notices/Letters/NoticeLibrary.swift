import Attribution
import Foundation

/// The notices' sentences in every language of the documentation: `mail/LANGUAGE.txt` of the public folder.
package struct NoticeLibrary: Sendable {
    private let english: NoticeTexts
    private let texts: [DocumentedLanguage: NoticeTexts]

    /// Larger files are no texts: a mistaken path.
    private static let maximumFileBytes = 262_144

    /// - Throws: ``NoticeFault`` with the first file that is missing or wrong.
    package static func load(publicFolder: String) throws(NoticeFault) -> NoticeLibrary {
        var texts: [DocumentedLanguage: NoticeTexts] = [:]
        for language in DocumentedLanguage.allCases {
            let path = "\(publicFolder)/mail/\(language.tag).txt"
            texts[language] = try NoticeTexts(try bytes(of: path), language: language, file: path)
        }
        // The loop has read every language.
        return NoticeLibrary(english: texts[.english]!, texts: texts)
    }

    private static func bytes(of path: String) throws(NoticeFault) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path), let content = try? file.read(upToCount: maximumFileBytes + 1) else {
            throw NoticeFault("\(path) can't be read; name the folder that has the notices' texts with --public")
        }
        guard content.count <= maximumFileBytes else {
            throw NoticeFault(
                "\(path) is larger than \(maximumFileBytes) bytes; name the folder that has the notices' texts with --public")
        }
        return [UInt8](content)
    }

    /// The texts for a partner whose directory entry has this tag: of the nearest language, English when there is none.
    func texts(for tag: String?) -> NoticeTexts {
        tag.flatMap { DocumentedLanguage(nearestTo: $0) }.flatMap { texts[$0] } ?? english
    }
}

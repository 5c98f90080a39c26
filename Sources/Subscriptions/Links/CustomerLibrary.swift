internal import Attribution
internal import Foundation

/// What customers' pages are made of: `subscription/page.html` and `subscription/LANGUAGE.txt` of the public folder, in every
/// language of the documentation.
package struct CustomerLibrary: Sendable {
    let shell: CustomerShell
    private let english: CustomerTexts
    private let texts: [DocumentedLanguage: CustomerTexts]

    /// Larger files are no texts: a mistaken path.
    private static let maximumFileBytes = 262_144

    /// - Returns: nil when there is no such folder: that of an older version, or the operator's own.
    /// - Throws: ``CustomerTextFault`` with the first file that is missing or wrong.
    package static func load(publicFolder: String) throws(CustomerTextFault) -> CustomerLibrary? {
        let folder = publicFolder + "/subscription"
        guard FileManager.default.fileExists(atPath: folder) else { return nil }
        let page = folder + "/page.html"
        let shell = try CustomerShell(try bytes(of: page), file: page)
        var texts: [DocumentedLanguage: CustomerTexts] = [:]
        for language in DocumentedLanguage.allCases {
            let path = "\(folder)/\(language.tag).txt"
            texts[language] = try CustomerTexts(try bytes(of: path), language: language, file: path)
        }
        // The loop has read every language.
        return CustomerLibrary(shell: shell, english: texts[.english]!, texts: texts)
    }

    private static func bytes(of path: String) throws(CustomerTextFault) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path), let content = try? file.read(upToCount: maximumFileBytes + 1)
        else {
            throw CustomerTextFault("\(path) can't be read; name the folder that has customers' pages with --public")
        }
        guard content.count <= maximumFileBytes else {
            throw CustomerTextFault(
                "\(path) is larger than \(maximumFileBytes) bytes; name the folder that has customers' pages with --public")
        }
        return [UInt8](content)
    }

    /// The texts that a browser likes best of those that there are, English when it likes none.
    ///
    /// - Parameter acceptLanguage: the value of Accept-Language (RFC 9110, section 12.5.4).
    func texts(for acceptLanguage: [UInt8]) -> CustomerTexts {
        let language = AcceptLanguage.best(in: acceptLanguage.span) { tag in
            DocumentedLanguage(nearestTo: tag.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
        }
        return language.flatMap { texts[$0] } ?? english
    }
}

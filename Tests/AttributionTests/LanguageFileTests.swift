import Attribution
import Foundation
import Testing

@Suite("Texts in the languages of the documentation")
struct LanguageFileTests {
    @Test("are there in every language, and in no other", arguments: LanguageFile.folders)
    func languages(folder: String) throws {
        #expect(DocumentedLanguage.allCases.count == 12)
        #expect(try LanguageFile.names(in: folder) == Set(DocumentedLanguage.allCases.map(\.tag)))
    }

    @Test("have every sentence once, and no other", arguments: LanguageFile.all)
    func keys(file: LanguageFile) {
        #expect(!file.sentences.isEmpty)
        #expect(file.sentences.map(\.key).sorted() == file.english.map(\.key).sorted())
        #expect(file.sentences.filter { $0.text.isEmpty }.map(\.key) == [])
    }

    @Test("have the same words put in, and the same number of things to click", arguments: LanguageFile.all)
    func places(file: LanguageFile) {
        for (key, text, english) in file.pairs {
            #expect(Set(Self.braced(text)) == Set(Self.braced(english)), "\(key)")
            #expect(text.count(where: { $0 == "*" }) == english.count(where: { $0 == "*" }), "\(key)")
        }
    }

    private static func braced(_ text: String) -> [Substring] {
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { $0.prefix { $0 != "}" } }
    }

    /// Machine translation made other words of some of these in the documentation.
    private static let names = [
        "Partner", "Partner ID", "MPN ID", #"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\MSO"#, "URL", "Office 365",
        "Windows Server Essentials", "Windows Server 2012 Essentials", "Windows Server 2012 R2 Essentials",
        "Windows Server 2016 Essentials", "MOSPA", "MOSRA", "Microsoft Online Services Partner Agreement",
        "Microsoft Online Services Reseller Agreement",
    ]

    @Test("leave names alone", arguments: LanguageFile.all)
    func names(file: LanguageFile) {
        for (key, text, english) in file.pairs {
            // A space that does not break is no other name.
            let text = text.replacing("\u{A0}", with: " ")
            for name in Self.names where english.contains(name) { #expect(text.contains(name), "\(key)") }
        }
    }

    @Test("have neither straight quotation marks nor spaces too many", arguments: LanguageFile.all)
    func spaces(file: LanguageFile) {
        for (key, text) in file.sentences {
            for wrong in ["\"", "'", "  "] { #expect(!text.contains(wrong), "\(key)") }
            #expect(text.first?.isWhitespace == false && text.last?.isWhitespace == false, "\(key)")
        }
    }

    @Test("in French have a space that does not break before every double mark", arguments: LanguageFile.folders)
    func french(folder: String) {
        for (key, text) in LanguageFile(folder: folder, language: .french).sentences {
            for (before, mark) in zip(text, text.dropFirst()) where ":;?!»".contains(mark) {
                #expect(before == "\u{A0}" || before == "\u{202F}", "\(key): \(text)")
            }
            for (mark, after) in zip(text, text.dropFirst()) where mark == "«" { #expect(after == "\u{A0}", "\(key): \(text)") }
        }
    }

    @Test(
        "in Chinese and Japanese have full-width marks beside their characters, and at the end",
        arguments: LanguageFile.all.filter { [.japanese, .simplifiedChinese, .traditionalChinese].contains($0.language) })
    func fullWidth(file: LanguageFile) {
        let marks = ",.:;?!"
        for (key, text) in file.sentences {
            for (one, other) in zip(text, text.dropFirst()) {
                #expect(!(marks.contains(one) && Self.isWide(other)), "\(key): \(one)\(other)")
                #expect(!(Self.isWide(one) && marks.contains(other)), "\(key): \(one)\(other)")
            }
            #expect(text.last.map { !marks.contains($0) } == true, "\(key)")
        }
    }

    /// Ideographs, kana, and their punctuation.
    private static func isWide(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.isIdeographic || (0x3001...0x30FF).contains($0.value) }
    }

    @Test(
        "in Spanish open what they close, and in Russian keep a dash on the line of the word before",
        arguments: LanguageFile.folders)
    func openingMarksAndDashes(folder: String) {
        for (key, text) in LanguageFile(folder: folder, language: .spanish).sentences {
            #expect(text.count(where: { $0 == "?" }) == text.count(where: { $0 == "¿" }), "\(key)")
            #expect(text.count(where: { $0 == "!" }) == text.count(where: { $0 == "¡" }), "\(key)")
        }
        for (key, text) in LanguageFile(folder: folder, language: .russian).sentences { #expect(!text.contains(" —"), "\(key)") }
    }

    @Test(
        "are found by other tags of their language",
        arguments: [
            ("fr-CA", "fr"), ("FR", "fr"), ("pt-PT", "pt-BR"), ("pt", "pt-BR"), ("zh", "zh-CN"), ("zh-SG", "zh-CN"),
            ("zh-Hans-HK", "zh-CN"), ("zh-HK", "zh-TW"), ("zh_Hant", "zh-TW"), ("zh-MO", "zh-TW"), ("en-GB", "en"),
            ("ja-JP", "ja"),
        ])
    func nearest(tag: String, language: String) {
        #expect(DocumentedLanguage(nearestTo: tag)?.tag == language)
    }

    @Test("are not found by tags of other languages", arguments: ["", "-", "sv-SE", "french", "x-fr"])
    func none(tag: String) {
        #expect(DocumentedLanguage(nearestTo: tag) == nil)
    }

    @Test("are named by their own tags, in whatever letter case")
    func tags() {
        #expect(DocumentedLanguage(tag: "PT-br") == .brazilianPortuguese)
        #expect(DocumentedLanguage(tag: "pt-PT") == nil)
        #expect(DocumentedLanguage(tag: "") == nil)
    }
}

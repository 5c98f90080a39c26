import Attribution
import Foundation
import Testing

@testable import DeploymentKit

@Suite("The guide")
struct GuideTests {
    private static let folder = KitFixtures.repository.appendingPathComponent("Public/kit")

    private static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    private static func languages() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
            .map { String($0.dropLast(4)) }.sorted()
    }

    private static func guide(_ language: String) throws -> Guide {
        try Guide(
            shell: try bytes("guide.html"), file: "guide.html",
            texts: try GuideTexts(try bytes("\(language).txt"), language: language, file: "\(language).txt"))
    }

    @Test("every language that ships has every sentence, and left the words of code alone")
    func languages() throws {
        let languages = try Self.languages()
        #expect(languages.contains("en"))
        #expect(languages.contains("fr"))
        for language in languages {
            let page = KitFixtures.text(try Self.guide(language).page(for: try KitFixtures.kit(campaign: "spring"), of: "Name"))
            #expect(page.contains("<html lang=\"\(language)\">"))
            #expect(!page.contains("{{"))
            let codes = [
                "regedit", "sysprep", "HKEY_LOCAL_MACHINE", "SOFTWARE", "Windows Server", "MSO", "REG_SZ", "Partner", "1234567",
            ]
            for code in codes { #expect(page.contains("<code>\(code)</code>"), "\(language): \(code)") }
        }
    }

    @Test("the eight documented steps, the commands and their undo, and how to check")
    func content() throws {
        let kit = try KitFixtures.kit()
        let page = KitFixtures.text(try Self.guide("en").page(for: kit, of: nil))
        let steps = page.components(separatedBy: "<ol>")[1].components(separatedBy: "</ol>")[0]
        #expect(steps.components(separatedBy: "<li>").count == 9)
        for value in kit.values {
            #expect(page.contains(MarkupText.escaped(RegCommand.add(value))))
            #expect(page.contains(MarkupText.escaped(RegCommand.delete(value))))
        }
        #expect(page.contains("reg export"))
        #expect(page.contains("<li><code>https://gateway.example.com/p/1234567/enterprise/buy</code></li>"))
        #expect(!page.contains("class=\"warning\">"))
    }

    @Test("under MOSPA without a gateway there is no address to open, and no step to repeat")
    func mospa() throws {
        let page = KitFixtures.text(
            try Self.guide("en").page(for: try KitFixtures.kit(KitFixtures.active, .mospa, gateway: nil), of: nil))
        #expect(!page.contains("https://"))
        #expect(!page.contains("Repeat steps"))
    }

    @Test("a partner that would not be attributed is told so on the page")
    func warning() throws {
        let page = KitFixtures.text(try Self.guide("fr").page(for: try KitFixtures.kit(KitFixtures.suspended, .mospa), of: nil))
        #expect(page.contains("<p class=\"warning\">"))
        #expect(page.contains("<code>suspended (lapsed)</code>"))
        #expect(page.contains("2016-10-03"))
    }

    @Test("a partner's name is text, whatever it looks like")
    func names() throws {
        let page = KitFixtures.text(
            try Self.guide("en").page(for: try KitFixtures.kit(), of: "<script>alert(1)</script>{{content}}{{title}}"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;{{content}}{{title}}"))
        #expect(page.components(separatedBy: "<h2>").count == 6)
    }

    @Test("French sets a space that does not break before its marks")
    func french() throws {
        let text = String(decoding: try Self.bytes("fr.txt"), as: UTF8.self)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let sentence = line.drop { $0 != " " }.dropFirst()
            for mark in [" :", " ;", " ?", " !"] { #expect(!sentence.contains(mark), "\(line)") }
        }
    }

    @Test("a mistake in a text file is told with its line")
    func mistakes() throws {
        let good = String(decoding: try Self.bytes("en.txt"), as: UTF8.self)
        func message(_ text: String) -> String? {
            do throws(KitFault) {
                _ = try GuideTexts(Array(text.utf8), language: "en", file: "en.txt")
                return nil
            } catch {
                return error.message
            }
        }
        #expect(message(good) == nil)
        let changes: [(from: String, to: String, expected: String)] = [
            ("undo-title: ", "undo-titel: ", "\"undo-titel\" is no key"),
            ("undo-title: How to take it back", "", "en.txt lacks undo-title"),
            ("undo-title: How to take it back", "undo-title: ", "undo-title is empty"),
            ("undo-title: How", "title: How", "title is there twice"),
            ("Type {mso} as", "Type OSM as", "step-4 has other words in braces"),
            ("Type {mso} as", "Type {mos} as", "nothing is put in place of {mos}"),
            ("Type {mso} as", "Type {mso} in {key} as", "expected {mso}"),
            ("click *OK*", "click *OK", "* is not closed"),
            ("undo-title: How", "undo-title How", "the line is not `key: sentence`"),
        ]
        for change in changes {
            let changed = good.replacing(change.from, with: change.to)
            #expect(changed != good, "\(change.from)")
            #expect(message(changed)?.contains(change.expected) == true, "\(change.to): \(message(changed) ?? "no mistake")")
        }
        #expect(throws: KitFault.self) { try GuideTexts([0xFF], language: "en", file: "en.txt") }
        #expect(throws: KitFault.self) {
            try Guide(
                shell: Array("<html>".utf8), file: "guide.html",
                texts: try GuideTexts(Array(good.utf8), language: "en", file: "en.txt"))
        }
    }
}

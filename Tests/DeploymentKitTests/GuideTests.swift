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

    private static func texts(_ language: DocumentedLanguage) throws -> GuideTexts {
        try GuideTexts(try bytes("\(language.tag).txt"), language: language, file: "\(language.tag).txt")
    }

    private static func guide(_ language: DocumentedLanguage) throws -> Guide {
        try Guide(shell: try bytes("guide.html"), file: "guide.html", texts: try texts(language))
    }

    @Test("has every sentence in every language, and left the words of code alone", arguments: DocumentedLanguage.allCases)
    func languages(language: DocumentedLanguage) throws {
        let file = try Self.guide(language).page(for: try KitFixtures.kit(campaign: "spring"), of: "Name")
        #expect(file.name == "porter-1234567-mosra-guide-\(language.tag).html")
        let page = KitFixtures.text(file)
        #expect(page.contains("<html lang=\"\(language.tag)\">"))
        #expect(!page.contains("{{"))
        let codes = [
            "regedit", "sysprep", "HKEY_LOCAL_MACHINE", "SOFTWARE", "Windows Server", "MSO", "REG_SZ", "Partner", "1234567",
        ]
        for code in codes { #expect(page.contains("<code>\(code)</code>"), "\(code)") }
    }

    @Test(
        "writes days as the language does",
        arguments: [
            (.english, "October 3, 2016"), (.german, "3. Oktober 2016"), (.spanish, "3 de octubre de 2016"),
            (.french, "3 octobre 2016"), (.italian, "3 ottobre 2016"), (.japanese, "2016年10月3日"), (.korean, "2016년 10월 3일"),
            (.polish, "3 października 2016"), (.brazilianPortuguese, "3 de outubro de 2016"), (.russian, "3 октября 2016 г."),
            (.simplifiedChinese, "2016年10月3日"), (.traditionalChinese, "2016年10月3日"),
        ] as [(DocumentedLanguage, String)])
    func days(language: DocumentedLanguage, words: String) throws {
        let written = try Self.texts(language).words(for: try #require(CalendarDay("2016-10-03")))
        // Which spaces may break is the library's to know, and changes with its version.
        #expect(written.replacing("\u{A0}", with: " ").replacing("\u{202F}", with: " ") == words)
        let kit = try KitFixtures.kit(KitFixtures.suspended, .mospa)
        let page = KitFixtures.text(try Self.guide(language).page(for: kit, of: nil))
        #expect(page.contains(MarkupText.escaped(written)))
    }

    @Test("the eight documented steps, the commands and their undo, and how to check")
    func content() throws {
        let kit = try KitFixtures.kit()
        let page = KitFixtures.text(try Self.guide(.english).page(for: kit, of: nil))
        let steps = page.components(separatedBy: "<ol>")[1].components(separatedBy: "</ol>")[0]
        #expect(steps.components(separatedBy: "<li>").count == 9)
        for value in kit.values {
            #expect(page.contains(MarkupText.escaped(RegCommand.add(value))))
            #expect(page.contains(MarkupText.escaped(RegCommand.delete(value.name))))
        }
        #expect(page.contains("reg export"))
        #expect(page.contains("<li><code>https://gateway.example.com/p/1234567/enterprise/buy</code></li>"))
        #expect(!page.contains("class=\"warning\">"))
    }

    @Test("under MOSPA without a gateway there is no address to open, and no step to repeat")
    func mospa() throws {
        let page = KitFixtures.text(
            try Self.guide(.english).page(for: try KitFixtures.kit(KitFixtures.active, .mospa, gateway: nil), of: nil))
        #expect(!page.contains("https://"))
        #expect(!page.contains("Repeat steps"))
    }

    @Test("a partner that would not be attributed is told so on the page")
    func warning() throws {
        let kit = try KitFixtures.kit(KitFixtures.suspended, .mospa)
        let page = KitFixtures.text(try Self.guide(.french).page(for: kit, of: nil))
        #expect(page.contains("<p class=\"warning\">"))
        #expect(page.contains("<code>suspended (lapsed)</code>"))
        #expect(!page.contains("2016-10-03"))
    }

    @Test("every warning is on the page, those that are the operator's to know in one general sentence")
    func otherWarnings() throws {
        func warned(_ kit: Kit) throws -> [String] {
            let page = KitFixtures.text(try Self.guide(.english).page(for: kit, of: nil))
            return page.components(separatedBy: "<p class=\"warning\">").dropFirst().map { $0.components(separatedBy: "</p>")[0] }
        }
        let unsigned = try warned(try KitFixtures.kit(judge: try KitFixtures.signedJudge("require")))
        #expect(unsigned.count == 2)
        #expect(unsigned.last?.contains("requires signed addresses") == true)
        var kit = try KitFixtures.kit(gateway: "http://gateway.example.com")
        #expect(try warned(kit).map { $0.hasPrefix("Not everything about this kit") } == [true])
        kit.furtherWarnings.append(.otherAgreement(KitFixtures.active, known: .mospa, .mosra))
        #expect(try warned(kit).last?.contains("under another agreement") == true)
        let judge = try KitFixtures.judge("name: a\nmatch: { paths: [/a] }\ndestination: { url: https://x.example }\n")
        let nowhere = try KitFixtures.kit(KitFixtures.active, .mospa, gateway: "http://gateway.example.com", judge: judge)
        #expect(nowhere.warnings.count == 2)
        #expect(try warned(nowhere).count == 1)
    }

    @Test("a partner's name is text, whatever it looks like")
    func names() throws {
        let page = KitFixtures.text(
            try Self.guide(.english).page(for: try KitFixtures.kit(), of: "<script>alert(1)</script>{{content}}{{title}}"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;{{content}}{{title}}"))
        #expect(page.components(separatedBy: "<h2>").count == 6)
    }

    @Test("a mistake in a text file is told with its line")
    func mistakes() throws {
        let good = String(decoding: try Self.bytes("en.txt"), as: UTF8.self)
        func message(_ text: String) -> String? {
            do throws(KitFault) {
                _ = try GuideTexts(Array(text.utf8), language: .english, file: "en.txt")
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
        #expect(throws: KitFault.self) { try GuideTexts([0xFF], language: .english, file: "en.txt") }
        #expect(throws: KitFault.self) {
            try Guide(
                shell: Array("<html>".utf8), file: "guide.html",
                texts: try GuideTexts(Array(good.utf8), language: .english, file: "en.txt"))
        }
    }
}

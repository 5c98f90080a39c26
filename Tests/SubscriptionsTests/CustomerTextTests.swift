import Attribution
import Office
import Testing

@testable import Subscriptions

@Suite("The texts of the customer's page")
struct CustomerTextTests {
    private static func lines() throws -> [String] {
        CustomerSentence.allCases.map { sentence in
            "\(sentence.rawValue): text" + sentence.places.map { " {\($0.rawValue)}" }.joined()
        }
    }

    private static func texts(_ lines: [String]) throws(CustomerTextFault) -> CustomerTexts {
        try CustomerTexts(Array(lines.joined(separator: "\n").utf8), language: .english, file: "en.txt")
    }

    @Test("are read, and buttons are called in sentences as they are called")
    func reading() throws {
        let texts = try Self.texts(try Self.lines() + ["# comment", ""])
        #expect(texts.line(.hintRemove) == "text text" && texts.line(.unknown, [.id: "{day}"]) == "text {day}")
    }

    @Test("are refused with the first thing that is wrong")
    func faults() throws {
        let lines = try Self.lines()
        let cases: [([String], String)] = [
            (Array(lines.dropLast()), "en.txt lacks unavailable"),
            (lines + ["saved: again"], "en.txt:50: saved is there twice"),
            (lines + ["other: text"], "en.txt:50: \"other\" is no key of the texts of customers' pages"),
            (["saved"], "en.txt:1: the line is not `key: sentence`"), (["saved: "], "en.txt:1: saved is empty"),
            (["saved: {id}"], "en.txt:1: saved has other words in braces than it must have, expected none"),
            (["unknown: {name}"], "en.txt:1: nothing is put in place of {name}"),
            (["unknown: {id"], "en.txt:1: { is not closed by }"),
        ]
        for (wrong, message) in cases {
            let fault = #expect(throws: CustomerTextFault.self) { try Self.texts(wrong) }
            #expect(fault?.message == message)
        }
        let page = #expect(throws: CustomerTextFault.self) {
            try CustomerShell(Array("<h1>{{title}}</h1>{{x}}".utf8), file: "page.html")
        }
        #expect(page?.message == "page.html has no place for {{language}}, {{content}}")
        let pages = try CustomerLibrary.load(publicFolder: "/nowhere")
        #expect(pages == nil)
    }
}

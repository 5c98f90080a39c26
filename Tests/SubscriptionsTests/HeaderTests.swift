import Foundation
import Testing

@testable import Subscriptions

@Suite("Headers")
struct HeaderTests {
    private static let address = MailAddress("mail@gateway.example")!

    @Test("of ASCII stand as they are, folded where they are long")
    func plain() {
        #expect(HeaderField("Subject", text: "Added: Office 365, S-1").lines == ["Subject: Added: Office 365, S-1"])
        let long = HeaderField("Subject", text: Array(repeating: "subscription", count: 12).joined(separator: " ")).lines
        #expect(long.count == 3)
        #expect(long.allSatisfy { $0.utf8.count <= 76 })
        #expect(long.dropFirst().allSatisfy { $0.hasPrefix(" s") })
        #expect(long.joined() == "Subject: " + Array(repeating: "subscription", count: 12).joined(separator: " "))
    }

    @Test(
        "of other letters are encoded words, of which none parts a character",
        arguments: [
            "Ajouté comme partenaire référent", "登録パートナーとしての追加：Office 365、S-1", "😀", String(repeating: "é", count: 150),
            String(repeating: "a", count: 150), "=?UTF-8?Q?looks_like_one?=",
        ])
    func encoded(text: String) throws {
        let lines = HeaderField("Subject", text: text).lines
        #expect(lines.allSatisfy { $0.utf8.count <= 76 })
        let words = lines.joined().dropFirst("Subject: ".count).split(separator: " ")
        var decoded = ""
        for word in words {
            #expect(word.utf8.count <= 75 && word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?="))
            let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
            decoded += try #require(String(validating: data, as: UTF8.self))
        }
        #expect(decoded == text)
    }

    @Test(
        "can't be ended by what is put in",
        arguments: ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\0", "\u{0B}", "\r\n\r\n"])
    func injection(end: String) {
        let lines = HeaderField("Subject", text: "a\(end)Bcc: x@y.example").lines
        #expect(lines == ["Subject: a Bcc: x@y.example"])
        let named = Mailbox(name: "a\(end)Bcc: x@y.example", address: Self.address)
        #expect(HeaderField("From", named).lines == ["From: \"a Bcc: x@y.example\" <mail@gateway.example>"])
    }

    @Test("with a mailbox quote a name, or encode it")
    func mailboxes() {
        #expect(HeaderField("From", Mailbox(address: Self.address)).lines == ["From: mail@gateway.example"])
        #expect(
            HeaderField("From", Mailbox(name: "Sign-ups, Example", address: Self.address)).lines
                == ["From: \"Sign-ups, Example\" <mail@gateway.example>"])
        #expect(
            HeaderField("Reply-To", Mailbox(name: "Éva", address: Self.address)).lines
                == ["Reply-To: =?UTF-8?B?w4l2YQ==?= <mail@gateway.example>"])
        let quote = HeaderField("From", Mailbox(name: "a\"b", address: Self.address)).lines
        #expect(quote == ["From: =?UTF-8?B?YSJi?= <mail@gateway.example>"])
    }

    @Test(
        "have dates as RFC 5322 writes them",
        arguments: [
            ("2016-10-03T08:09:10Z", "Mon, 03 Oct 2016 08:09:10 +0000"), ("1970-01-01", "Thu, 01 Jan 1970 00:00:00 +0000"),
            ("2024-02-29T23:59:59.999999Z", "Thu, 29 Feb 2024 23:59:59 +0000"),
            ("1969-12-31T23:00:00Z", "Wed, 31 Dec 1969 23:00:00 +0000"),
        ])
    func dates(text: String, expected: String) {
        #expect(TestClock(text).now.rfc5322 == expected)
    }

    @Test("have the same Message-ID for the same change, and another for another")
    func messageIDs() {
        func id(_ change: String, _ kind: Notice.Kind = .added) -> String {
            MessageID(.sample(kind, change: change), domain: "gateway.example").description
        }
        #expect(id("01ARZ3NDEKTSV4RRFFQ69G5FAV") == "<01ARZ3NDEKTSV4RRFFQ69G5FAV.added@gateway.example>")
        #expect(id("a:b") == "<a_3Ab.added@gateway.example>")
        let changes = ["a", "a.b", "a_2Eb", "a b", "a\n", "é", "a>b", "a@b", "\u{1}"]
        let ids = changes.flatMap { [id($0), id($0, .removed)] }
        #expect(Set(ids).count == changes.count * 2)
        for id in ids {
            let inside = id.dropFirst().prefix { $0 != "@" }
            #expect(inside.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }, "\(id)")
        }
    }
}

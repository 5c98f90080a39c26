import Attribution
import Foundation
import Testing

@Suite struct RequestHeadTests {
    private static func head(_ fields: [(String, String)], target: String = "/") -> RequestHead {
        let method = Array("GET".utf8)
        let target = Array(target.utf8)
        var head = RequestHead(
            bytes: method + target, method: 0..<method.count, target: method.count..<method.count + target.count, version: .http11
        )
        for (name, value) in fields { head.appendField(name: name.utf8, value: value.utf8) }
        return head
    }

    private static func text(_ head: RequestHead, _ field: RequestHead.Field) -> String? {
        head[field].map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("each field is found by its name in any letter case", arguments: RequestHead.Field.allCases)
    func names(field: RequestHead.Field) {
        let name = String(decoding: field.name.bytes, as: UTF8.self)
        #expect(name == name.lowercased())
        for spelling in [name, name.uppercased(), name.capitalized] {
            let head = Self.head([(spelling, "v")])
            #expect(Self.text(head, field) == "v", "\(spelling)")
            for other in RequestHead.Field.allCases where other != field {
                #expect(head[other] == nil, "\(other) of \(spelling)")
            }
        }
        #expect(Self.head([(name + "x", "v")])[field] == nil)
        #expect(Self.head([(String(name.dropLast()), "v")])[field] == nil)
    }

    @Test("method and target stay readable behind the fields")
    func parts() {
        let head = Self.head([("Host", "h"), ("Accept-Language", "a"), ("Accept-Language", "b")], target: "/x?y")
        #expect(String(decoding: head.methodBytes, as: UTF8.self) == "GET")
        #expect(String(decoding: head.targetBytes, as: UTF8.self) == "/x?y")
        #expect(head.fieldCount == 3)
        #expect(head.hostCount == 1)
    }

    @Test("lists that are sent in pieces are joined, of other fields the first counts")
    func lists() {
        let head = Self.head([
            ("Accept-Language", "fr"), ("Purpose", "x"), ("accept-language", "de;q=0.5"), ("User-Agent", "first"),
            ("User-Agent", "second"),
            ("PURPOSE", "prefetch"), ("Accept-Language", ""), ("Accept-Language", "it"), ("Host", "a"), ("Host", "b"),
        ])
        #expect(Self.text(head, .acceptLanguage) == "fr, de;q=0.5, , it")
        #expect(Self.text(head, .purpose) == "x, prefetch")
        #expect(Self.text(head, .userAgent) == "first")
        #expect(Self.text(head, .host) == "a")
        #expect(head.hostCount == 2)
        #expect(head.fieldCount == 10)
        #expect(!head.isTooLarge)
    }

    @Test("an empty field is there, an absent one is not")
    func presence() {
        #expect(Self.text(Self.head([("Porter-Test", "")]), .porterTest) == "")
        #expect(Self.head([])[.porterTest] == nil)
        #expect(Self.head([("", "x")]).fieldCount == 1)
    }

    @Test("target and fields of 16 KiB are taken, one byte more is too large")
    func size() {
        // "/" and "X" are a byte each.
        #expect(!Self.head([("X", String(repeating: "a", count: 16_382))]).isTooLarge)
        #expect(Self.head([("X", String(repeating: "a", count: 16_383))]).isTooLarge)
        #expect(Self.head([("X", String(repeating: "a", count: 8_192)), ("Y", String(repeating: "a", count: 8_192))]).isTooLarge)
    }

    @Test("lists in many pieces don't grow beyond their bound")
    func bounds() {
        let piece = String(repeating: "a", count: 80)
        let head = Self.head((0..<2_000).map { ($0 % 2 == 0 ? "Purpose" : "X-Moz", piece) })
        #expect(head.isTooLarge)
        // The pieces themselves, and the bounded copies.
        #expect(head.bytes.count < 2_000 * 90 + 3 * 16_384)
    }
}

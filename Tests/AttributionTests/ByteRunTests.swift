import Foundation
import SeededRandomness
import Testing

@testable import Attribution

/// What is written or looked at many bytes at once, against the obvious way.
@Suite struct ByteRunTests {
    @Test("numbers are written in decimal, padded when asked")
    func decimal() {
        var generator = SplitMix64(seed: 81)
        for _ in 0..<2_000 {
            let value = Int(generator.next() >> UInt64.random(in: 1...63, using: &generator))
            let width = Int.random(in: 1...8, using: &generator)
            var bytes = Array("x".utf8)
            bytes.appendDecimal(value, width: width)
            let digits = String(value)
            let expected = "x" + String(repeating: "0", count: max(0, width - digits.count)) + digits
            #expect(String(decoding: bytes, as: UTF8.self) == expected)
        }
    }

    @Test("every byte has its hexadecimal digits, its percent escape, and its place in the sets")
    func singleBytes() {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        for byte in UInt8.min ... .max {
            var hex: [UInt8] = []
            hex.appendHex([byte])
            #expect(String(decoding: hex, as: UTF8.self) == String(format: "%02x", byte))
            var escape: [UInt8] = []
            escape.appendPercentEscape(byte)
            #expect(String(decoding: escape, as: UTF8.self) == String(format: "%%%02X", byte))
            #expect(ASCIISet.uriUnreserved.contains(byte) == unreserved.contains(byte))
            #expect(byte.hexValue.map(Int.init) == Int(String(decoding: [byte], as: UTF8.self), radix: 16))
            let text = String(UnicodeScalar(byte))
            #expect(byte.asciiLowercased == (byte < 0x80 ? text.lowercased().utf8.first : byte))
            #expect(byte.asciiUppercased == (byte < 0x80 ? text.uppercased().utf8.first : byte))
        }
    }

    @Test("a text is plain when nothing in it has to be escaped, wherever it would stand", arguments: [91, 92] as [UInt64])
    func plainTexts(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<3_000 {
            var text = (0..<Int.random(in: 0...70, using: &generator)).map { _ in UInt8.random(in: 0x30...0x5B, using: &generator)
            }
            if !text.isEmpty, generator.once(in: 2) {
                text[Int.random(in: text.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let needsEscape = text.contains { $0 < 0x20 || $0 >= 0x7F || Array("%\"\\".utf8).contains($0) }
            #expect(PersonalText.isPlain(text.span) == !needsEscape)
            #expect(text.span.isASCII == text.allSatisfy { $0 < 0x80 })
            #expect(text.span.isUTF8 == (String(validating: text, as: UTF8.self) != nil))
            var json: [UInt8] = []
            json.appendJSONString(text.span)
            if let string = String(validating: text, as: UTF8.self) {
                let read = try? JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed) as? String
                #expect(read.map { Array($0.utf8) } == Array(string.utf8))
            }
        }
    }

    @Test("texts of up to 15 bytes are told apart by their numbers")
    func shortTexts() {
        var generator = SplitMix64(seed: 101)
        func text() -> [UInt8] { (0..<Int.random(in: 0...17, using: &generator)).map { _ in [0, 0, 1, 255].pick(&generator) } }
        for _ in 0..<3_000 {
            let (one, other) = (text(), text())
            let numbers = (ShortText(one.span) { $0 }, ShortText(other.span) { $0 })
            #expect((numbers.0 == nil) == (one.count > 15))
            if one.count <= 15, other.count <= 15 { #expect((numbers.0 == numbers.1) == (one == other)) }
        }
    }

    @Test(
        "a visitor is recognised by the user agent as recorded, whatever JSON makes of it",
        arguments: ["Mozilla/5.0", "a\"b\\c", "50%", "é", "", "\\", String(repeating: "\"", count: 600)])
    func userAgentText(agent: String) {
        let bytes = Array(agent.utf8)
        var writer = PersonalWriter(texts: .received)
        writer.appendIP(VisitorAddress(network: [1, 2], recorded: "192.0.2.0"))
        if !bytes.isEmpty { writer.appendUserAgent(bytes.span) }
        let personal = PersonalJSON(writer, network: [1, 2])
        let recorded = PersonalText.escaped(bytes)
        #expect(Array(personal.userAgentText) == Array(recorded.utf8))
        #expect(personal.fields.userAgent == (agent.isEmpty ? nil : recorded))
        #expect(personal.fields.address == VisitorAddress(network: [1, 2], recorded: "192.0.2.0"))
        let again = PersonalJSON(personal.fields)
        #expect(Array(again.userAgentText) == Array(recorded.utf8))
        var json: ([UInt8], [UInt8]) = ([], [])
        personal.append(visitor: "ab", to: &json.0)
        again.append(visitor: "ab", to: &json.1)
        #expect(json.0 == json.1)
    }

    @Test("personal fields that are set come back, and without any the object is empty")
    func personalFields() {
        var fields = PersonalFields()
        var json: [UInt8] = []
        PersonalJSON(fields).append(visitor: nil, to: &json)
        #expect(String(decoding: json, as: UTF8.self) == "{}")
        fields.dropped = ["a", "b%20\"", "c"]
        fields.location = "https://x/?a=b"
        fields.partnerRaw = "1|2"
        fields.referrerHost = "h"
        fields.userAgent = "u"
        let read = PersonalJSON(fields).fields
        #expect(read.dropped == fields.dropped && read.location == fields.location && read.partnerRaw == fields.partnerRaw)
        #expect(read.referrerHost == "h" && read.userAgent == "u" && read.address == nil)
    }
}

import Attribution
import Foundation
import SeededRandomness
import Testing

@Suite("Signed links")
struct SignedLinkTests {
    private static let secret = "porterkey_of-the-tests-the-new-one"
    private static let key = LinkKey(secret: secret)
    private static let end = Timestamp(rfc3339: "2016-10-04T00:00:00Z")!

    private func draft(_ target: [UInt8], keys: [LinkKey] = [SignedLinkTests.key]) throws -> RecordDraft? {
        let method = Array("GET".utf8)
        let head = RequestHead(
            bytes: method + target, method: method.indices, target: method.count..<method.count + target.count, version: .http10)
        let id = try #require(PartnerID("1234567"))
        let directory = PartnerDirectory(version: 1, standings: [id: PartnerStanding()], linkKeys: [id: keys])
        return decide(
            SignupRequest(head: head, scheme: .https), routes: try GoldenCaseTests.routes.get(), directory: directory,
            time: GoldenCase.defaultTime, receipt: .zero
        ).draft
    }

    private struct Vector: Decodable {
        let key: String
        let path: String
        let partner: String
        let campaign: String
        let exp: Int64
        let message: String
        let sig: String
    }

    @Test("are signed as the article says, to the byte")
    func vectors() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let article = try String(
            contentsOf: root.appending(path: "Sources/porter/Porter.docc/SignedLinks.md"), encoding: .utf8)
        let block = try #require(article.components(separatedBy: "```json vectors\n").last?.components(separatedBy: "```").first)
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(block.utf8))
        #expect(vectors.count >= 4)
        for vector in vectors {
            let link = SignedLink(
                path: Array(vector.path.utf8), partner: try #require(PartnerID(vector.partner)),
                campaign: Array(vector.campaign.utf8), expiry: vector.exp)
            #expect(String(decoding: link.message, as: UTF8.self) == vector.message)
            #expect(link.signature(with: LinkKey(secret: vector.key)) == vector.sig)
        }
    }

    @Test("are refused when any bit of them is another, but for the letter case of a parameter's name")
    func flippedBits() throws {
        let routes = try GoldenCaseTests.routes.get()
        let url = try routes.signed("https://h/signed/1234567?campaign=spring", with: Self.key, until: Self.end)
        let target = Array(url.utf8).dropFirst("https://h".utf8.count)
        let link = Array(target)
        #expect(try draft(link)?.signature == .valid)
        var nameCases = 0
        for place in link.indices {
            for bit in 0..<8 as Range<UInt8> {
                var changed = link
                changed[place] ^= 1 << bit
                let isValid = try draft(changed)?.signature == .valid
                let isNameCase = bit == 5 && Self.isInName(place, of: link)
                if isNameCase { nameCases += 1 }
                #expect(isValid == isNameCase, "bit \(bit) at \(place): \(String(decoding: changed, as: UTF8.self))")
                if !isValid { #expect(try draft(changed)?.outcome != .attributed, "bit \(bit) at \(place)") }
            }
        }
        #expect(nameCases == "campaign".utf8.count + "exp".utf8.count + "sig".utf8.count)
    }

    /// Whether a byte of a link is one of a parameter's name.
    private static func isInName(_ place: Int, of link: [UInt8]) -> Bool {
        let before = link[..<place].last { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "?") }
        let isSeparator = "&=?".utf8.contains(link[place])
        return !isSeparator && (before == UInt8(ascii: "&") || before == UInt8(ascii: "?"))
    }

    @Test("that the gateway signs, it finds valid, whatever the URL", arguments: [1, 2, 3] as [UInt64])
    func signing(seed: UInt64) throws {
        let routes = try GoldenCaseTests.routes.get()
        var generator = SplitMix64(seed: seed)
        let paths = ["/signed/1234567", "/Signed/1234567/", "/signed/%31234567", "/reported/1234567", "/signed-strict/1234567"]
        let pieces = [
            "campaign=spring", "campaign=caf%c3%a9+au+lait", "campaign=%20", "campaign=NONE!", "culture=fr-FR", "Partner=1234567",
            "dl=%26exp%3D1", "", "x", "a=b=c", "POR=xxxxx",
        ]
        for _ in 0..<300 {
            let query = (0..<Int.random(in: 0...4, using: &generator)).map { _ in pieces.pick(&generator) }
            let url =
                "https://gateway.example.com" + paths.pick(&generator) + (query.isEmpty ? "" : "?")
                + query.joined(separator: "&")
            let signed = try routes.signed(url, with: Self.key, until: Self.end)
            #expect(signed.hasPrefix(url))
            let target = Array(signed.utf8.dropFirst("https://gateway.example.com".utf8.count))
            let draft = try #require(try draft(target), "\(signed)")
            #expect(draft.signature == .valid && draft.outcome == .attributed, "\(signed)")
        }
    }

    @Test("outlive a new key, and end with their own")
    func rotation() throws {
        let routes = try GoldenCaseTests.routes.get()
        let (old, new) = (LinkKey(secret: "porterkey_old"), LinkKey(secret: "porterkey_new"))
        func target(_ key: LinkKey) throws -> [UInt8] {
            let url = try routes.signed("https://h/signed/1234567", with: key, until: Self.end)
            return Array(url.utf8.dropFirst("https://h".utf8.count))
        }
        func worth(_ key: LinkKey, _ keys: [LinkKey]) throws -> LinkSignature? {
            try draft(try target(key), keys: keys)?.signature
        }
        #expect(try worth(old, [old]) == .valid && worth(new, [old]) == .invalid)
        #expect(try worth(old, [old, new]) == .valid && worth(new, [old, new]) == .valid)
        #expect(try worth(old, [new, old]) == .valid)
        #expect(try worth(old, [new]) == .invalid && worth(new, [new]) == .valid)
        #expect(try worth(old, []) == .invalid)
    }

    @Test("have messages that no other parts have")
    func unambiguous() throws {
        let id = try #require(PartnerID("1"))
        let texts = ["", "1", "0:,", "1:1,", ",1:1", "7:1:1,1:1", "a", ":", ","]
        var seen: [[UInt8]: [String]] = [:]
        for path in texts {
            for campaign in texts {
                for expiry in [1, 11] as [Int64] {
                    let link = SignedLink(path: Array(path.utf8), partner: id, campaign: Array(campaign.utf8), expiry: expiry)
                    let earlier = seen.updateValue([path, campaign, "\(expiry)"], forKey: link.message)
                    #expect(earlier == nil, "\(earlier ?? []) and \([path, campaign, "\(expiry)"])")
                }
            }
        }
    }

    @Test(
        "are not made of URLs that would not be valid",
        arguments: [
            ("/signed/1234567", .notPlain), ("ftp://h/signed/1234567", .notPlain), ("https://h/signed/1234567#x", .notPlain),
            ("https://h/signed/1234567?a=é", .notPlain), ("https://h/signed/1234567 ", .notPlain),
            ("https://h/./signed/1234567", .notPlain), ("https://h/x/%2E%2e/signed/1234567", .notPlain),
            ("https://h/signed/\"1234567\"", .notPlain), ("", .notPlain), ("https://", .notPlain),
            ("https://h/nowhere/at/all/1234567", .noRoute), ("https://h/healthz", .noRoute),
            ("https://h/signed", .noPartner), ("https://h/signed/xxxxx", .noPartner),
            ("https://h/signed?Partner=1&POR=2", .noPartner), ("https://h/signed/1234567?Exp=1", .signedAlready),
            ("https://h/signed/1234567?a&sig=", .signedAlready), ("https://h/bare?Partner=1234567&sig=1", .signedAlready),
            ("https://h/signed/1234567?" + String(repeating: "a", count: 8_100), .tooLong),
            ("https://h/signed/1234567?" + String(repeating: "a&", count: 99), .tooLong),
        ] as [(String, LinkSigningFault)])
    func faults(url: String, fault: LinkSigningFault) throws {
        let routes = try GoldenCaseTests.routes.get()
        #expect(throws: fault) { try routes.signed(url, with: Self.key, until: Self.end) }
    }

    @Test("end between 1970 and the year 5138")
    func ends() throws {
        let routes = try GoldenCaseTests.routes.get()
        for microseconds in [.min, 0, 999_999, 100_000_000_000_000_000, .max] as [Int64] {
            #expect(throws: LinkSigningFault.expiry) {
                try routes.signed("https://h/signed/1", with: Self.key, until: Timestamp(microseconds: microseconds))
            }
        }
        let last = Timestamp(microseconds: 99_999_999_999_999_999)
        #expect(try routes.signed("https://h/signed/1", with: Self.key, until: last).contains("?exp=99999999999&sig="))
    }
}

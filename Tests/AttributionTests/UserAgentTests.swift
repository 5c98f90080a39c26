import Foundation
import SeededRandomness
import Testing

@testable import Attribution

/// The one pass over a user agent, against a search for each word by itself.
@Suite struct UserAgentTests {
    private static let pieces = [
        "bot", "crawl", "spider", "slurp", "facebookexternalhit", "preview", "windows", "windowspowershell", "windows nt", " ",
        "windows nt 6.1", "windows nt6.2", "windows nt  6.3", "windows nt 10.0", "6.1", "10.0", "6..3", ".6", "06.1", "6.1.7601",
        "10", "/", "mozilla/", "opera/", "curl", "Java", "winhttp", "bo",
        "crawspider", "s", "w", "é", "\u{0}", "facebookexternalhi", "wwindows nt 6.4",
    ]

    private static func text(_ generator: inout SplitMix64) -> [UInt8] {
        var text = (0..<Int.random(in: 1...6, using: &generator)).flatMap { _ in Array(pieces.pick(&generator).utf8) }
        if generator.once(in: 3) { text = text.map { $0.isASCIILetter && generator.once(in: 2) ? $0 ^ 0x20 : $0 } }
        if generator.once(in: 4) {
            text[Int.random(in: text.indices, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        return text
    }

    @Test("the first of several words is found where a search for each finds it", arguments: [61, 62] as [UInt64])
    func words(seed: UInt64) {
        let words: [StaticString] = ["bot", "preview", "slurp", "spider", "windows"]
        let finder = WordFinder(words)
        var generator = SplitMix64(seed: seed)
        for _ in 0..<3_000 {
            let text = Self.text(&generator)
            let start = Int.random(in: 0...text.count, using: &generator)
            let places = words.indices.compactMap { word in
                text.firstIndexIgnoringASCIICase(of: words[word], from: start).map { (word: word, index: $0) }
            }
            let expected = places.min { $0.index < $1.index }
            let found = finder.first(in: text.span, from: start)
            #expect(found?.word == expected?.word && found?.index == expected?.index, "seed \(seed): \(text)")
        }
    }

    @Test("client and system are what the rules say one by one", arguments: [71, 72] as [UInt64])
    func agents(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var seen: [ClientOS: Int] = [:]
        for _ in 0..<1_000 {
            let text = Self.text(&generator)
            let agent = try #require(UserAgent(text[...]))
            #expect(agent.client == Self.client(text), "seed \(seed): \(text)")
            #expect(agent.system == Self.system(text), "seed \(seed): \(text)")
            seen[agent.system, default: 0] += 1
        }
        for system in ClientOS.allCases { #expect(seen[system, default: 0] >= 10, "seed \(seed): \(system)") }
        for none in [nil, []] as [ArraySlice<UInt8>?] { #expect(UserAgent(none)?.client == nil) }
    }

    private static func contains(_ text: [UInt8], _ word: StaticString) -> Bool {
        text.firstIndexIgnoringASCIICase(of: word) != nil
    }

    private static func client(_ text: [UInt8]) -> ClientKind {
        let bots: [StaticString] = ["bot", "crawl", "spider", "slurp", "facebookexternalhit", "preview"]
        if bots.contains(where: { contains(text, $0) }) { return .bot }
        let product = String(decoding: text.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self).lowercased()
        if ["curl", "java", "winhttp"].contains(product) || contains(text, "windowspowershell") { return .tool }
        return text.hasPrefixIgnoringASCIICase("mozilla/") || text.hasPrefixIgnoringASCIICase("opera/") ? .browser : .unknown
    }

    private static func system(_ text: [UInt8]) -> ClientOS {
        let text = String(decoding: text.map { $0 < 0x80 ? $0.asciiLowercased : UInt8(ascii: "?") }, as: UTF8.self)
        for part in text.components(separatedBy: "windows nt").dropFirst() {
            let rest = part.drop { $0 == " " }
            guard let first = rest.first, first.isNumber else { continue }
            let version = rest.prefix { $0.isNumber || $0 == "." }.split(separator: ".").prefix(2).joined(separator: ".")
            return ClientOS(rawValue: "windows-nt-" + version) ?? .windowsOther
        }
        return text.contains("windows") ? .windowsOther : .other
    }
}

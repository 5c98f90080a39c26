import Attribution
import Testing

@Suite struct PlaceTests {
    @Test(
        "culture tags are looked up whole",
        arguments: [
            ("en-US", "en-US", 1033), ("EN_us", "en-US", 1033), ("en", "en-US", 1033), ("zh-hans", "zh-CN", 2052),
            ("ZH_HANT", "zh-TW", 1028),
            ("sr", "sr-Latn-RS", 9242), ("fr-ca", "fr-CA", 3084), ("es-419", "es-419", 22538),
        ])
    func cultures(text: String, tag: String, lcid: Int) throws {
        let culture = try #require(Culture(tag: text))
        #expect(culture.tag == tag)
        #expect(culture.lcid == lcid)
        #expect(Culture(lcid: lcid) == culture)
    }

    @Test(
        "other texts are no cultures",
        arguments: ["", "-", "e", "en-", "-US", "ph-ph", "en-US ", "en-US-x", "en US", "en-\u{212A}", "zh-Hans-CN-x-y-z-long"])
    func noCultures(text: String) {
        #expect(Culture(tag: text) == nil)
    }

    @Test(
        "cultures whose language has pages are known",
        arguments: [("fr-CA", true), ("pt-PT", true), ("zh-HK", true), ("de-AT", true), ("nl-NL", false), ("ca-ES", false)])
    func documented(tag: String, isDocumented: Bool) throws {
        #expect(try #require(Culture(tag: tag)).isDocumented == isDocumented)
    }

    @Test("numbers that are no LCID are no cultures", arguments: [0, -1, 1, 127, 4_096, .max, .min])
    func noLCIDs(number: Int) {
        #expect(Culture(lcid: number) == nil)
    }

    @Test(
        "of what a browser accepts the best is chosen that stands for something",
        arguments: [
            ("nl, fr;q=0.5", "fr"), ("nl, fr;q=0.5, DE;q=0.8", "DE"), ("it;q=0.3, fr;q=0.3", "it"),
            ("nl, fr;q=0, it;q=0.001", "it"),
            ("*, de;q=0.1", "de"), ("fr;q=2, fr;q=, de;q=0.2", "de"), (" \tde ; q=0.1 ", "de"), (",,de,", "de"),
            ("nl", nil), ("fr;q=0.000", nil), ("", nil),
            // A weight has at most three decimals and none above 1, and may end with its point (RFC 9110, section 12.4.2).
            ("it;q=0.999, de;q=1.", "de"), ("it;q=0.999, de;q=1.000", "de"), ("it;q=0.1, de;q=1.001", "it"),
            ("it;q=0.1, de;q=1.0000", "it"), ("it;q=0.1, de;q=0.9999", "it"), ("it;q=0.1, de;q=01", "it"),
            ("it;q=0.1, de;q=.9", "it"), ("it;q=0.1, de;q=0.", "it"), ("it;q=0.1, de;q=0,9", "it"), ("it;q=0.1, de;q=-1", "it"),
            ("it;q=0.1, de;Q=0.5", "de"), ("it;q=0.1, de;\tq=0.5 ", "de"), ("it;q=0.1, de;q= 0.5", "it"),
            ("it;q=0.1, de;q =0.5", "it"), ("it;q=0.1, de;", "it"), ("it;q=0.1, de;q", "it"), ("it;q=0.1, ;q=1", "it"),
            ("it;q=0.1, de;q=0.5;x", "it"), ("it;q=0.1, de;x=1", "it"),
        ] as [(String, String?)])
    func accepted(value: String, tag: String?) {
        let best = AcceptLanguage.best(in: Array(value.utf8).span) { tag in
            let text = tag.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            return ["de", "fr", "it"].contains(text.lowercased()) ? text : nil
        }
        #expect(best == tag)
    }

    @Test(
        "country codes are two ASCII letters in either case", arguments: [("US", "US"), ("fr", "FR"), ("uK", "GB"), ("GB", "GB")])
    func countries(text: String, code: String) {
        #expect(Country(text)?.code == code)
    }

    @Test("other texts are no countries", arguments: ["", "U", "USA", "XX", "EU", "U S", "\u{212A}E", "ＵＳ", "US\u{301}", "us\0"])
    func noCountries(text: String) {
        #expect(Country(text) == nil)
    }
}

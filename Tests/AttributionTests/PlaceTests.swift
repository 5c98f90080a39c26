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

    @Test("numbers that are no LCID are no cultures", arguments: [0, -1, 1, 127, 4_096, .max, .min])
    func noLCIDs(number: Int) {
        #expect(Culture(lcid: number) == nil)
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

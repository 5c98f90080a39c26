import Testing

@testable import FrontDoor

@Suite("The privacy page's URL")
struct PrivacyURLTests {
    @Test(
        "is absolute, http or https, and a URI as it stands",
        arguments: [
            "https://www.example.com", "HTTPS://Example.com/", "http://example.com:8080/privacy.html#visitors",
            "https://example.com/a/b?c=d&e=%C3%A9", "https://[2001:db8::1]/x", "https://example.com?lang=fr",
        ])
    func taken(text: String) {
        #expect(PrivacyURL(text)?.text == text)
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "privacy.html", "/privacy", "//example.com", "ftp://example.com", "javascript:alert(1)", "https://",
            "https://:443", "https:///privacy", "https://a@example.com", "https://a:b@example.com/", "https://example.com/a b",
            "https://example.com/\"onclick=", "https://example.com/<b>", "https://example.com/{{title}}",
            "https://example.com/é", "https://example.com/\n", "https://example.com/\u{0}", "https://example.com/\u{7F}",
            " https://example.com",
            "https://exa mple.com", "https://example.com:0/", "https://example.com/\\",
            "https://example.com/" + String(repeating: "a", count: 2_048),
        ])
    func refused(text: String) {
        #expect(PrivacyURL(text) == nil)
    }
}

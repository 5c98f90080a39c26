import Testing

@testable import Probe

@Suite("Where a Location leads")
struct WebAddressTests {
    private static let asked = WebAddress(scheme: "https", authority: "gateway.example.com:8443", path: "/a/try.html?p=1")

    @Test(
        "from the address that was asked for",
        arguments: [
            ("https://signup.example.com/Signup?a=b/c#d", "https", "signup.example.com", "/Signup?a=b/c"),
            ("HTTP://Signup.Example.com:80", "http", "signup.example.com", "/"),
            ("https://u:p@signup.example.com:443?x", "https", "signup.example.com", "/?x"),
            ("https://[2001:DB8::1]:8443/", "https", "[2001:db8::1]:8443", "/"),
            ("//signup.example.com/x", "https", "signup.example.com", "/x"),
            ("/b", "https", "gateway.example.com:8443", "/b"),
            ("/b/./c/../d/..", "https", "gateway.example.com:8443", "/b/"),
            ("b.html?x=http://y", "https", "gateway.example.com:8443", "/a/b.html?x=http://y"),
            ("../../b", "https", "gateway.example.com:8443", "/b"),
            ("?p=2", "https", "gateway.example.com:8443", "/a/try.html?p=2"),
            ("x/a:b", "https", "gateway.example.com:8443", "/a/x/a:b"),
        ])
    func resolved(reference: String, scheme: String, authority: String, path: String) {
        let address = WebAddress(reference, from: Self.asked)
        #expect(address?.scheme == scheme)
        #expect(address?.authority == authority)
        #expect(address?.path == path)
    }

    @Test(
        "back to it, in any spelling",
        arguments: [
            "https://gateway.example.com:8443/a/try.html?p=1", "https://GATEWAY.example.com:8443/a/./try.html?p=1#top",
            "//gateway.example.com:8443/a/try.html?p=1", "/a/try.html?p=1", "try.html?p=1", "?p=1", "#top",
        ])
    func itself(reference: String) {
        #expect(WebAddress(reference, from: Self.asked) == Self.asked)
    }

    @Test(
        "nowhere on the web",
        arguments: [
            "javascript:alert(1)", "data:text/html,x", "mailto:a@example.com", "ftp://a/b", "https:", "https:a", "https://",
            "https:///b", "https://:443/", "https://:1/", "java\tscript:alert(1)", "//", "x-y.z+1:a",
        ])
    func nowhere(reference: String) {
        #expect(WebAddress(reference, from: Self.asked) == nil)
    }
}

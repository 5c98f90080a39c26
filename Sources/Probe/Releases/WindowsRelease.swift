/// A Windows release as its Schannel connects: what it offers in its ClientHello, and the user agent of its Internet Explorer 11.
///
/// The cipher lists, in order of preference and with OpenSSL's names, are those of MicrosoftDocs/win32,
/// `desktop-src/SecAuthN/tls-cipher-suites-in-windows-8.md`, `…-8-1.md` and `…-10-v1607.md`, with the updates named.
/// Schannel of these releases speaks no TLS 1.3 and no X25519. Signature algorithms, ALPN and session tickets are those of
/// Internet Explorer 11 on the desktop of the same time, as SSL Labs recorded its ClientHello (they are in testssl.sh's
/// `client-simulation.txt`, and their suites are the same): Windows 7 with its updates for 2012, Windows 8.1, Windows 10.
///
/// What OpenSSL can't do is left out of the offer, and told: ``notSent``. Not imitated are the order of the extensions, the version
/// of the record that the ClientHello comes in, the request for a stapled OCSP answer, and the empty session ID, in whose place a
/// probe's sign stands: what a server agrees on should not depend on them.
package struct WindowsRelease: Hashable, Sendable {
    package enum Version: String, Sendable {
        case tls10 = "1.0"
        case tls12 = "1.2"
    }

    /// A word for it, as JSON has it: `2012-r2`.
    package let id: String
    package let name: String
    /// The greatest version it offers; the least is always TLS 1.0.
    package let greatestVersion: Version
    /// In OpenSSL's names, joined by colons.
    package let cipherList: String
    /// In OpenSSL's names, in order of preference; empty for TLS 1.0, whose ClientHello has no place for them (RFC 5246,
    /// section 7.4.1.4.1).
    package let signatureAlgorithms: [String]
    /// ALPN (RFC 7301), which Schannel has since Windows 8.1; empty for none.
    package let applicationProtocols: [String]
    /// Whether it offers to resume by ticket (RFC 5077).
    package let hasSessionTickets: Bool
    package let userAgent: String

    /// The curves that Schannel offers, as OpenSSL calls them.
    package static let groups = "P-256:P-384"

    package static let all = [server2012, server2012R2, server2016, server2012Unpatched]

    /// Updates named as in Microsoft's knowledge base: KB3042058 changed the suites' order and added DHE with GCM.
    package static let server2012 = WindowsRelease(
        id: "2012",
        name: "Windows Server 2012 (KB3042058)",
        greatestVersion: .tls12,
        cipherList: cipherList(dheCBC: []),
        signatureAlgorithms: [
            "RSA+SHA512", "ECDSA+SHA512", "RSA+SHA256", "RSA+SHA384", "RSA+SHA1", "ECDSA+SHA256", "ECDSA+SHA384", "ECDSA+SHA1",
            "DSA+SHA1",
        ],
        applicationProtocols: [],
        hasSessionTickets: false,
        userAgent: "Mozilla/5.0 (Windows NT 6.2; Trident/7.0; rv:11.0) like Gecko"
    )

    package static let server2012R2 = WindowsRelease(
        id: "2012-r2",
        name: "Windows Server 2012 R2 (KB2919355)",
        greatestVersion: .tls12,
        cipherList: cipherList(dheCBC: ["DHE-RSA-AES256-SHA", "DHE-RSA-AES128-SHA"]),
        signatureAlgorithms: [
            "RSA+SHA256", "RSA+SHA384", "RSA+SHA512", "RSA+SHA1", "ECDSA+SHA256", "ECDSA+SHA384", "ECDSA+SHA512", "ECDSA+SHA1",
            "DSA+SHA1",
        ],
        applicationProtocols: ["spdy/3", "http/1.1"],
        hasSessionTickets: true,
        userAgent: "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko"
    )

    package static let server2016 = WindowsRelease(
        id: "2016",
        name: "Windows Server 2016",
        greatestVersion: .tls12,
        cipherList: """
            ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:\
            ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:\
            DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:\
            ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:\
            ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:\
            ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:\
            ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:\
            DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA:\
            AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA:DES-CBC3-SHA:\
            DHE-DSS-AES256-SHA256:DHE-DSS-AES128-SHA256:DHE-DSS-AES256-SHA:DHE-DSS-AES128-SHA:EDH-DSS-DES-CBC3-SHA
            """,
        signatureAlgorithms: [
            "RSA+SHA256", "RSA+SHA384", "RSA+SHA1", "ECDSA+SHA256", "ECDSA+SHA384", "ECDSA+SHA1", "DSA+SHA1", "RSA+SHA512",
            "ECDSA+SHA512",
        ],
        applicationProtocols: ["h2", "http/1.1"],
        hasSessionTickets: true,
        userAgent: "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"
    )

    /// Some components of the 2012 generation start at TLS 1.0 unless KB3140245 is installed.
    package static let server2012Unpatched = WindowsRelease(
        id: "2012-tls10",
        name: "Windows Server 2012, unpatched (TLS 1.0 only)",
        greatestVersion: .tls10,
        cipherList: """
            ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-SHA:AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:\
            DHE-DSS-AES256-SHA:DHE-DSS-AES128-SHA:DES-CBC3-SHA:EDH-DSS-DES-CBC3-SHA
            """,
        signatureAlgorithms: [],
        applicationProtocols: [],
        hasSessionTickets: false,
        userAgent: "Mozilla/5.0 (Windows NT 6.2; Trident/7.0; rv:11.0) like Gecko"
    )

    /// 2012 and 2012 R2 differ in two suites. Neither has ECDHE-RSA with GCM.
    private static func cipherList(dheCBC: [String]) -> String {
        let before = """
            ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:\
            DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256
            """
        let after = """
            AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA:\
            ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:\
            ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:\
            DHE-DSS-AES256-SHA256:DHE-DSS-AES128-SHA256:DHE-DSS-AES256-SHA:DHE-DSS-AES128-SHA:\
            DES-CBC3-SHA:EDH-DSS-DES-CBC3-SHA
            """
        return ([before] + dheCBC + [after]).joined(separator: ":")
    }
}

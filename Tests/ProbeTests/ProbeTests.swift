import Probe
import Testing

@Suite("The probe", .serialized)
struct ProbeTests {
    private static let redirect = "HTTP/1.1 302 Found\r\nLocation: https://signup.example.com/Signup\r\nContent-Length: 0\r\n\r\n"

    private func probe(
        _ server: OpenSSLServer, as release: WindowsRelease, path: String = "/answer", timeout: Duration = .seconds(10)
    ) -> ProbeResult {
        Probe(target: ProbeTarget(host: "127.0.0.1", port: server.port), path: path, timeout: timeout).run(as: release)
    }

    @Test("agrees on TLS 1.2 as each updated release, and reports the redirect", arguments: OpenSSLServer.Certificate.allCases)
    func updatedReleases(certificate: OpenSSLServer.Certificate) throws {
        let server = try OpenSSLServer(certificates: [certificate], answer: Self.redirect)
        for release in [WindowsRelease.server2012, .server2012R2, .server2016] {
            let result = probe(server, as: release)
            #expect(result.reason == nil)
            #expect(result.canSignUp)
            #expect(result.agreement?.version == "TLSv1.2")
            #expect(result.agreement?.certificate?.kind == (certificate == .rsa ? .rsa : .ecdsa))
            #expect(result.status == 302)
            #expect(result.location == "https://signup.example.com/Signup")
        }
    }

    @Test("offers no ECDHE-RSA with GCM as 2012 and 2012 R2, but does as 2016")
    func theTrap() throws {
        let server = try OpenSSLServer(
            certificates: [.rsa], options: ["-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], answer: Self.redirect)
        let reason = probe(server, as: .server2012).reason
        #expect(reason == "the server shares no cipher suite with this release, or no curve for one")
        #expect(probe(server, as: .server2012R2).agreement == nil)
        #expect(probe(server, as: .server2016).agreement?.suite == "ECDHE-RSA-AES128-GCM-SHA256")
    }

    @Test("prefers what the release prefers, where the server lets it")
    func preference() throws {
        let server = try OpenSSLServer(certificates: [.rsa, .ecdsa], answer: Self.redirect)
        #expect(probe(server, as: .server2012).agreement?.suite == "ECDHE-RSA-AES256-SHA384")
        #expect(probe(server, as: .server2016).agreement?.suite == "ECDHE-ECDSA-AES256-GCM-SHA384")
    }

    @Test("offers DHE-RSA with CBC as 2012 R2, but not as 2012")
    func cbc() throws {
        let server = try OpenSSLServer(certificates: [.rsa], options: ["-cipher", "DHE-RSA-AES256-SHA"], answer: Self.redirect)
        #expect(probe(server, as: .server2012R2).agreement?.suite == "DHE-RSA-AES256-SHA")
        #expect(probe(server, as: .server2012).agreement == nil)
    }

    @Test("speaks TLS 1.0 and nothing else as the unpatched release")
    func unpatched() throws {
        let old = try OpenSSLServer(
            certificates: [.rsa], options: ["-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"], answer: Self.redirect)
        #expect(probe(old, as: .server2012Unpatched).agreement?.version == "TLSv1")
        #expect(probe(old, as: .server2016).agreement?.version == "TLSv1")
        let current = try OpenSSLServer(certificates: [.rsa], options: ["-no_tls1", "-no_tls1_1"], answer: Self.redirect)
        #expect(probe(current, as: .server2012Unpatched).reason == "the server does not speak a TLS version of this release")
    }

    @Test("offers no TLS 1.3")
    func noTLS13() throws {
        let server = try OpenSSLServer(certificates: [.rsa], options: ["-tls1_3"], answer: Self.redirect)
        #expect(probe(server, as: .server2016).reason == "the server does not speak a TLS version of this release")
    }

    @Test("offers the curves P-256 and P-384, and no others")
    func curves() throws {
        let other = try OpenSSLServer(
            certificates: [.rsa], options: ["-cipher", "ECDHE", "-groups", "X25519:P-521"], answer: Self.redirect)
        #expect(probe(other, as: .server2016).agreement == nil)
        let known = try OpenSSLServer(
            certificates: [.rsa], options: ["-cipher", "ECDHE", "-groups", "P-384"], answer: Self.redirect)
        #expect(probe(known, as: .server2016).agreement != nil)
    }

    @Test("reports a certificate that can't be verified, and goes on")
    func unverifiable() throws {
        let server = try OpenSSLServer(certificates: [.rsa], answer: Self.redirect)
        let result = probe(server, as: .server2016)
        let certificate = try #require(result.agreement?.certificate)
        #expect(certificate.chainProblem == .selfSigned)
        // It is localhost's, and 127.0.0.1 was asked.
        #expect(!certificate.namesHost)
        #expect(certificate.problem == "self-signed certificate; it does not name the host")
        #expect(certificate.names == "localhost")
        #expect(certificate.fingerprint.utf8.count == 64)
        #expect(result.canSignUp)
    }

    @Test("lets nobody sign up with a certificate that can't be verified, where trust is required")
    func untrusted() throws {
        let redirecting = try OpenSSLServer(certificates: [.rsa], answer: Self.redirect)
        let target = ProbeTarget(host: "127.0.0.1", port: redirecting.port)
        let result = Probe(target: target, path: "/answer", requiresTrust: true).run(as: .server2016)
        #expect(!result.canSignUp)
        #expect(
            result.reason
                == "a browser here would not trust the certificate: self-signed certificate; it does not name the host")
        #expect(result.status == 302)
        // What is wrong with the answer comes first.
        let missing = Probe(target: target, path: "/missing", requiresTrust: true).run(as: .server2016)
        #expect(missing.reason?.contains("certificate") == false)
    }

    @Test(
        "says why an answer brings nobody to the sign-up page",
        arguments: [
            ("HTTP/1.1 404 Not Found\r\n\r\n", 404, "answered 404: there is no route for /answer; name one with --path"),
            ("HTTP/1.1 200 OK\r\n\r\n", 200, "answered 200 instead of a redirect"),
            ("HTTP/1.1 302 Found\r\n\r\n", 302, "answered 302 without a Location"),
            (
                "HTTP/1.1 308 Permanent Redirect\r\nLocation: /\r\n\r\n", 308,
                "answered 308, which Internet Explorer 11 does not follow everywhere"
            ),
        ]
    )
    func answers(answer: String, status: Int, reason: String) throws {
        let server = try OpenSSLServer(certificates: [.rsa], answer: answer)
        let result = probe(server, as: .server2016)
        #expect(result.status == status)
        #expect(result.reason == reason)
        #expect(result.agreement != nil)
    }

    @Test("takes what the server chooses by ALPN")
    func applicationProtocols() throws {
        // s_server agrees on h2, and then waits for a request in HTTP/1.1.
        let two = try OpenSSLServer(certificates: [.rsa], options: ["-alpn", "h2"], answer: Self.redirect)
        let result = probe(two, as: .server2016, timeout: .milliseconds(500))
        #expect(result.agreement?.applicationProtocol == "h2")
        #expect(result.reason == "timed out while waiting for the answer")
        let none = try OpenSSLServer(certificates: [.rsa], options: ["-alpn", "h2"], answer: Self.redirect)
        #expect(probe(none, as: .server2012).agreement?.applicationProtocol == nil)
        #expect(probe(none, as: .server2012).canSignUp)
        let one = try OpenSSLServer(certificates: [.rsa], options: ["-alpn", "http/1.1"], answer: Self.redirect)
        #expect(probe(one, as: .server2012R2).agreement?.applicationProtocol == "http/1.1")
        #expect(probe(one, as: .server2016).canSignUp)
    }

    @Test("measures how long it took")
    func duration() throws {
        let server = try OpenSSLServer(certificates: [.rsa])
        let milliseconds = try #require(probe(server, as: .server2016, timeout: .milliseconds(300)).milliseconds)
        #expect(milliseconds >= 300)
    }

    @Test("says that an answer is not HTTP")
    func notHTTP() throws {
        let server = try OpenSSLServer(certificates: [.rsa], answer: "hello\r\n\r\n")
        #expect(probe(server, as: .server2016).reason == "the answer is not HTTP")
    }

    @Test("gives up on a server that never answers")
    func silence() throws {
        let server = try OpenSSLServer(certificates: [.rsa])
        let result = probe(server, as: .server2016, timeout: .milliseconds(300))
        #expect(result.reason == "timed out while waiting for the answer")
        #expect(result.agreement != nil)
    }
}

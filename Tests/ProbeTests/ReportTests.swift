import Testing

@testable import Probe

@Suite("What a survey tells")
struct ReportTests {
    private static let redirected = "https://signup.example.com/Signup"

    private func certificate(
        _ kind: PeerCertificate.Kind, _ problem: PeerCertificate.ChainProblem? = nil, namesHost: Bool = true
    ) -> PeerCertificate {
        PeerCertificate(
            kind: kind, names: "DNS:gateway.example.com", fingerprint: kind == .rsa ? "0123456789" : "fedcba9876",
            chainProblem: problem, namesHost: namesHost)
    }

    private func agreement(_ suite: String, _ certificate: PeerCertificate) -> ProbeResult.Agreement {
        ProbeResult.Agreement(version: "TLSv1.2", suite: suite, applicationProtocol: nil, certificate: certificate)
    }

    private func good(_ path: String, _ agreement: ProbeResult.Agreement?, receipt: String = "1") -> ProbeResult {
        ProbeResult(
            path: path, agreement: agreement, status: 302, location: Self.redirected + "?rid=\(receipt)\(path)", problem: nil,
            duration: .milliseconds(12))
    }

    /// A report in which each release has the result that the closure says, for each path.
    private func report(
        paths: [String] = Probe.documentedPaths, counting: Bool = false, plain: ReleaseOutcome? = nil,
        _ result: (WindowsRelease, String) -> ProbeResult
    ) -> ProbeReport {
        let outcomes = WindowsRelease.all.map { release in
            ReleaseOutcome(
                release: release, counts: counting || release.greatestVersion == .tls12,
                results: paths.map { result(release, $0) })
        }
        return ProbeReport(
            target: ProbeTarget(host: "gateway.example.com"), plainPort: plain == nil ? nil : 80, paths: paths,
            outcomes: outcomes,
            failureOfAll: nil, plain: plain, notSent: ["DES-CBC3-SHA"], openSSLVersion: "3.0.19")
    }

    private func failed(_ path: String, _ failure: ProbeFailure) -> ProbeResult {
        ProbeResult(path: path, problem: .failure(failure), duration: .milliseconds(3))
    }

    // MARK: Table

    @Test("has one row for paths that behave alike, however their receipts differ")
    func alike() throws {
        let agreement = agreement("ECDHE-ECDSA-AES256-GCM-SHA384", certificate(.ecdsa))
        let report = report { release, path in
            release.greatestVersion == .tls10
                ? failed(path, .handshake(.version)) : good(path, agreement, receipt: path)
        }
        let rows = report.lines.map { $0.split(separator: " ") }
        #expect(rows.contains { $0 == ["release", "path", "sign-up", "tls", "suite", "certificate", "chain", "status", "ms"] })
        let alike = "2012-r2 all 4 yes 1.2 ECDHE-ECDSA-AES256-GCM-SHA384 ECDSA fedcba yes 302 12"
        #expect(rows.contains { $0 == alike.split(separator: " ") })
        #expect(rows.contains { $0 == "2012-tls10 all 4 no - - - - - 3".split(separator: " ") })
        #expect(rows.contains { $0 == ["→", "https://signup.example.com/Signup?…"] })
        #expect(report.lines.contains { $0.hasSuffix("the server does not speak a TLS version of this release") })
        #expect(report.lines.contains("Every release that counts can sign up."))
        #expect(report.lines.contains { $0.hasPrefix("not sent: DES-CBC3-SHA, ") && $0.contains("OpenSSL 3.0.19") })
        #expect(report.isGood)
    }

    @Test("takes paths for alike that are each redirected to https")
    func samePath() {
        let plain = ReleaseOutcome(
            release: nil, counts: true,
            results: Probe.documentedPaths.map {
                ProbeResult(
                    path: $0, status: 301, location: "https://gateway.example.com\($0)", problem: nil, duration: .milliseconds(2))
            })
        let report = report(plain: plain) { _, path in good(path, nil) }
        #expect(report.lines.filter { $0.hasPrefix("plain ") }.count == 1)
        #expect(report.lines.contains { $0.hasSuffix("→ https://gateway.example.com/… (the same path)") })
        #expect(report.isGood)
    }

    @Test("has a row for each path as soon as one of them differs")
    func different() {
        let agreement = agreement("ECDHE-ECDSA-AES256-GCM-SHA384", certificate(.ecdsa))
        let report = report { _, path in
            path == "/smallbizbuy.html"
                ? ProbeResult(path: path, agreement: agreement, status: 404, problem: .noRoute, duration: .milliseconds(9))
                : good(path, agreement)
        }
        for path in Probe.documentedPaths {
            let rows = report.lines.filter { $0.hasPrefix("2016 ") && $0.contains(path) }
            #expect(rows.count == 1)
            #expect(rows.first?.contains(path == "/smallbizbuy.html" ? " NO " : " yes ") == true)
        }
        #expect(report.lines.contains { $0.hasSuffix("there is no route for /smallbizbuy.html; name one with --path") })
        #expect(!report.isGood)
        #expect(report.advice.map(\.mend) == [.route])
        #expect(report.advice.first?.text.contains("/smallbizbuy.html: ") == true)
        #expect(report.advice.first?.text.contains("/smallbiztry.html") == false)
    }

    @Test("fits the terminal, and can't be steered by what a server sends")
    func hostile() {
        let certificate = PeerCertificate(
            kind: .rsa, names: "DNS:\u{1B}[2J\n" + String(repeating: "x", count: 5_000), fingerprint: "0123456789",
            chainProblem: .other("bad\r\nthing"), namesHost: false)
        let agreement = agreement("ECDHE-ECDSA-AES256-GCM-SHA384", certificate)
        let report = report(paths: ["/" + String(repeating: "y", count: 400), "/b"]) { _, path in
            ProbeResult(
                path: path, agreement: agreement, status: 302,
                location: "https://a/\u{9B}31m\u{202E}" + path + String(repeating: "z", count: 9_000),
                problem: path == "/b" ? .noRedirect(status: 200) : nil, duration: .seconds(100))
        }
        for line in report.lines {
            #expect(line.count <= PlainText.width, "\(line.count): \(line)")
            #expect(line.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) || "→…".unicodeScalars.contains($0) })
        }
        #expect(report.lines.contains { $0.contains("https://a/?31m?") })
    }

    @Test("says once that nobody gets as far as TLS")
    func down() {
        let paths = Probe.documentedPaths
        let outcomes = WindowsRelease.all.map { release in
            ReleaseOutcome(release: release, counts: true, results: paths.map { failed($0, .refused) })
        }
        let report = ProbeReport(
            target: ProbeTarget(host: "gateway.example.com", port: 8_443), plainPort: nil, paths: paths, outcomes: outcomes,
            failureOfAll: .refused, plain: nil, notSent: [], openSSLVersion: "3.0.19")
        let refused = report.lines.filter { $0.contains("refused") }
        #expect(refused == ["No release can connect: the connection was refused: nothing listens on that port."])
        #expect(report.advice.map(\.mend) == [.listener])
        #expect(report.advice.first?.text.contains("port 8443") == true)
        #expect(!report.isGood)
    }

    // MARK: Advice

    private func mends(_ report: ProbeReport) -> [String] {
        report.advice.map { "\($0.mend.rawValue): \($0.whom.joined(separator: " "))\($0.isOptional ? " (optional)" : "")" }
    }

    @Test("advises an ECDSA certificate where RSA with GCM lets 2016 in alone")
    func theTrap() {
        let agreement = agreement("ECDHE-RSA-AES128-GCM-SHA256", certificate(.rsa))
        let report = report { release, path in
            release == .server2016 ? good(path, agreement) : failed(path, .handshake(.noSharedSuite))
        }
        #expect(mends(report) == ["older-tls: 2012-tls10 (optional)", "ecdsa-certificate: 2012 2012-r2"])
        let lines = report.lines
        #expect(lines.contains("Can't sign up: Windows Server 2012 (KB3042058), Windows Server 2012 R2 (KB2919355)."))
        #expect(lines.contains { $0.hasPrefix("  ecdsa-certificate (2012, 2012-r2): ") })
        #expect(lines.contains { $0.hasPrefix("  older-tls (2012-tls10; does not count): ") })
    }

    @Test("advises by what a server said of versions and names")
    func versions() {
        #expect(
            mends(report(counting: true) { _, path in failed(path, .handshake(.version)) })
                == ["lower-floor: 2012 2012-r2 2016", "older-tls: 2012-tls10"])
        #expect(
            mends(report(counting: true) { _, path in failed(path, .handshake(.internalError)) })
                == ["server-name: 2012 2012-r2 2016 2012-tls10"])
        #expect(
            mends(report(counting: true) { _, path in failed(path, .handshake(.noSharedSuite)) })
                == ["cipher-suites: 2012 2012-r2 2016 2012-tls10"])
        let agreement = agreement("ECDHE-ECDSA-AES128-SHA", certificate(.ecdsa))
        #expect(
            mends(
                report(counting: true) { release, path in
                    release == .server2012R2 ? good(path, agreement) : failed(path, .closed(.handshake))
                }) == ["older-tls: 2012-tls10", "rsa-certificate: 2012 2016"])
    }

    @Test(
        "advises for each problem of a certificate",
        arguments: [
            (.selfSigned, true, ["trusted-certificate"]), (.alone, true, ["whole-chain"]),
            (.outOfDate, true, ["current-certificate"]),
            (nil, false, ["certificate-name"]), (.unknownAuthority, false, ["certificate-name", "trusted-certificate"]),
            (nil, true, []),
        ] as [(PeerCertificate.ChainProblem?, Bool, [String])])
    func certificates(problem: PeerCertificate.ChainProblem?, namesHost: Bool, expected: [String]) {
        let agreement = agreement("AES128-SHA", certificate(.rsa, problem, namesHost: namesHost))
        let report = report { _, path in good(path, agreement) }
        #expect(report.advice.map(\.mend.rawValue) == expected)
        #expect(report.isGood, "a certificate keeps nobody out")
        #expect(report.lines.contains("Nothing needs to change.") == expected.isEmpty)
        #expect(report.lines.contains { $0.contains("--require-trust has it count") } == !expected.isEmpty)
    }

    @Test("holds a certificate against a gateway where trust is required")
    func trust() {
        let certificate = certificate(.rsa, .selfSigned)
        let agreement = agreement("AES128-SHA", certificate)
        let report = report { _, path in
            ProbeResult(
                path: path, agreement: agreement, status: 302, location: Self.redirected,
                problem: .untrusted("self-signed certificate"), duration: .milliseconds(1))
        }
        #expect(!report.isGood)
        #expect(report.lines.contains { $0.hasPrefix("2016 ") && $0.contains(" NO ") })
        #expect(
            report.lines.contains { $0.hasSuffix("a browser here would not trust the certificate: self-signed certificate") })
        #expect(!report.lines.contains { $0.contains("--require-trust") })
        #expect(report.advice.map(\.mend) == [.trustedCertificate], "the certificate's own, and once")
    }

    @Test(
        "advises for each answer that is no sign-up",
        arguments: [
            (308, .unfollowedRedirect, "temporary-redirect"), (301, nil, "temporary-redirect"),
            (200, .noRedirect(status: 200), "redirect"),
            (302, .noLocation(status: 302), "redirect"), (302, .emptyLocation(status: 302), "redirect"),
            (302, .circle(status: 302), "redirect"), (400, .noRedirect(status: 400), "partner-id"), (404, .noRoute, "route"),
            (503, .noRedirect(status: 503), "gateway-log"),
        ] as [(Int, ProbeProblem?, String)])
    func answers(status: Int, problem: ProbeProblem?, expected: String) {
        let agreement = agreement("AES128-SHA", certificate(.rsa))
        let report = report { _, path in
            ProbeResult(path: path, agreement: agreement, status: status, problem: problem, duration: .milliseconds(1))
        }
        #expect(report.advice.map(\.mend.rawValue) == [expected])
        #expect(report.advice.first?.whom == ["2012", "2012-r2", "2016", "2012-tls10"])
    }

    @Test("does not hold plain HTTP against a gateway that was not asked for it by port", arguments: [false, true])
    func plain(counts: Bool) {
        let agreement = agreement("AES128-SHA", certificate(.rsa))
        let plain = ReleaseOutcome(release: nil, counts: counts, results: Probe.documentedPaths.map { failed($0, .refused) })
        let report = report(plain: plain) { _, path in good(path, agreement) }
        #expect(report.isGood == !counts)
        #expect(mends(report) == ["plain-http: plain" + (counts ? "" : " (optional)")])
        #expect(report.lines.contains { $0.hasPrefix("plain ") && $0.contains(counts ? " NO " : " no ") })
    }
}

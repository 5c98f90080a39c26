import Probe
import Testing

@Suite("A survey of a gateway", .serialized)
struct SurveyTests {
    private static let redirect = "HTTP/1.1 302 Found\r\nLocation: https://signup.example.com/Signup\r\nContent-Length: 0\r\n\r\n"

    @Test("asks for each path as each release, and tells whom it connects as")
    func everyone() throws {
        // s_server serves its file "answer" and nothing else; eight connections and no more.
        let server = try OpenSSLServer(certificates: [.ecdsa], answer: Self.redirect)
        var told: [String] = []
        let report = Survey(
            target: ProbeTarget(host: "127.0.0.1", port: server.port), plainPort: nil, paths: ["/answer", "/missing"],
            timeout: .seconds(10)
        ).run { told.append($0) }
        #expect(told == WindowsRelease.all.map(\.name))
        #expect(report.outcomes.map(\.id) == ["2012", "2012-r2", "2016", "2012-tls10"])
        for outcome in report.outcomes.prefix(3) {
            #expect(outcome.results.map(\.path) == ["/answer", "/missing"])
            #expect(outcome.results[0].canSignUp)
            #expect(!outcome.results[1].canSignUp)
            #expect(outcome.telling.path == "/missing", "the first that failed")
        }
        let unpatched = report.outcomes[3]
        #expect(unpatched.agreement == nil)
        #expect(!unpatched.counts)
        #expect(unpatched.results[1].duration == nil, "a handshake that failed is not tried again for the next path")
        #expect(unpatched.results[1].reason == unpatched.results[0].reason)
    }

    @Test("stops at a host that is down")
    func down() throws {
        let listener = try LoopbackListener()
        let port = listener.port
        listener.close()
        var told: [String] = []
        let report = Survey(target: ProbeTarget(host: "127.0.0.1", port: port), plainPort: nil).run { told.append($0) }
        #expect(told == [WindowsRelease.server2012.name])
        #expect(report.failureOfAll == .refused)
        #expect(report.outcomes.allSatisfy { $0.results.count == 4 && !$0.canSignUp })
        #expect(!report.isGood)
    }

    @Test("does not wait for a name twice")
    func unknownName() {
        var told: [String] = []
        let report = Survey(target: ProbeTarget(host: "gateway.invalid"), plainPort: 80).run { told.append($0) }
        #expect(told == [WindowsRelease.server2012.name])
        #expect(report.plain?.canSignUp == false)
        #expect(report.lines.filter { $0.contains("can't be resolved") }.count == 1)
    }

    @Test("leaves a silent server's other paths alone")
    func silence() throws {
        let server = try OpenSSLServer(certificates: [.ecdsa])
        let report = Survey(
            target: ProbeTarget(host: "127.0.0.1", port: server.port), plainPort: nil, paths: ["/a", "/b", "/c"],
            timeout: .milliseconds(300)
        ).run()
        let results = report.outcomes[0].results
        #expect(
            results.map(\.reason) == [
                "timed out while waiting for the answer", "not asked, since an earlier path had no answer in time",
                "not asked, since an earlier path had no answer in time",
            ])
        #expect(results.map { $0.duration == nil } == [false, true, true])
        #expect(report.advice.contains { $0.mend == .patience })
    }
}

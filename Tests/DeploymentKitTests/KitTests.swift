import Attribution
import Testing

@testable import DeploymentKit

@Suite("What a kit sets")
struct KitTests {
    @Test("under MOSPA the ID alone, and every endpoint would attribute it")
    func mospa() throws {
        let kit = try KitFixtures.kit(KitFixtures.active, .mospa, gateway: nil)
        #expect(kit.values == [SignupValue(name: .partner, data: "1234567")])
        #expect(kit.forecasts.count == 4)
        #expect(kit.isAttributed)
        #expect(kit.warnings.isEmpty)
    }

    @Test("under MOSRA four URLs as well, with the ID in their path and the campaign")
    func mosra() throws {
        let kit = try KitFixtures.kit(campaign: "spring-2016")
        #expect(
            kit.values.map { "\($0.name.rawValue) \($0.data)" } == [
                "Partner 1234567",
                "MOSRASTDBUY https://gateway.example.com/p/1234567/enterprise/buy?campaign=spring-2016",
                "MOSRASTDTRY https://gateway.example.com/p/1234567/enterprise/trial?campaign=spring-2016",
                "MOSRALITEBUY https://gateway.example.com/p/1234567/small-business/buy?campaign=spring-2016",
                "MOSRALITETRY https://gateway.example.com/p/1234567/small-business/trial?campaign=spring-2016",
            ])
        #expect(kit.forecasts.allSatisfy { $0.verdict.partner == KitFixtures.active && $0.verdict.campaign == "spring-2016" })
        #expect(kit.warnings.isEmpty)
    }

    @Test(
        "a partner that would not be attributed gets a kit and a warning that says how it would come out",
        arguments: [
            ("4567890", "suspended (lapsed)"), ("1234568", "unknown"), ("7890123", "expired (not-yet-valid)"),
        ])
    func warnings(partner: String, words: String) throws {
        for agreement in KitAgreement.allCases {
            let kit = try KitFixtures.kit(try #require(PartnerID(partner)), agreement)
            #expect(
                kit.warnings.map(\.message) == [
                    "sign-ups with the Partner ID \(partner) would not be attributed on 2016-10-03: \(words)"
                ])
            #expect(!kit.isAttributed)
        }
    }

    @Test("what can't be attributed today may be later: the time is the caller's")
    func later() throws {
        var judge = try KitFixtures.judge()
        judge = SignupJudge(
            routes: judge.routes, directory: judge.directory, time: try #require(Timestamp(rfc3339: "2099-06-01")))
        #expect(try KitFixtures.kit(try #require(PartnerID("7890123")), judge: judge).isAttributed)
    }

    @Test("a gateway on plain http is warned of, and so are routes without an endpoint")
    func otherWarnings() throws {
        #expect(try KitFixtures.kit(gateway: "http://gateway.example.com").warnings.map(\.kind) == [.plainHTTP])
        let kit = try KitFixtures.kit(KitFixtures.active, .mospa, judge: try Self.withoutEndpoints())
        #expect(kit.warnings.map(\.kind) == [.noEndpoint])
        #expect(kit.warnings.first?.message.contains("write `endpoint`") == true)
    }

    private static func withoutEndpoints() throws -> SignupJudge {
        try KitFixtures.judge("name: a\nmatch: { paths: [/a] }\ndestination: { url: https://x.example }\n")
    }

    private static func onAnotherHost() throws -> SignupJudge {
        try KitFixtures.judge(
            KitFixtures.route("enterprise", "buy", paths: "/a", more: ", hosts: [xn--other.example.com]"),
            KitFixtures.route("enterprise", "trial", paths: "/b", more: ", hosts: [third.example.com]"))
    }

    @Test(
        "what the directory says of a partner is told also when no route can tell", arguments: ["4567890", "1234568", "7890123"])
    func directoryAlone(partner: String) throws {
        let id = try #require(PartnerID(partner))
        for (judge, kind) in [(try Self.withoutEndpoints(), KitWarning.Kind.noEndpoint), (try Self.onAnotherHost(), .otherHost)] {
            let kit = try KitFixtures.kit(id, .mospa, judge: judge)
            #expect(kit.warnings.map(\.kind) == [kind, .notAttributed])
            #expect(kit.warnings.last?.words == [partner, "2016-10-03"])
            #expect(!kit.isAttributed)
        }
        let suspended = try KitFixtures.kit(KitFixtures.suspended, .mospa, judge: try Self.withoutEndpoints())
        #expect(suspended.warnings.last?.failure?.words == "suspended (lapsed)")
    }

    @Test("endpoints on another host than the gateway's are told as such, not as missing")
    func otherHost() throws {
        let judge = try Self.onAnotherHost()
        let kit = try KitFixtures.kit(KitFixtures.active, .mospa, judge: judge)
        #expect(kit.warnings.map(\.kind) == [.otherHost])
        #expect(kit.warnings.first?.words == ["gateway.example.com", "third.example.com, xn--other.example.com"])
        #expect(kit.warnings.first?.message.contains("answer on third.example.com, xn--other.example.com and not on") == true)
        // Two hyphens would end the comment that the warning stands in.
        let comment = KitFixtures.text(try kit.file(.unattend)).split(separator: "<!--")[1].split(separator: "-->")[0]
        #expect(comment.contains("third.example.com"))
        #expect(!comment.contains("--"))
        #expect(try KitFixtures.kit(KitFixtures.active, .mospa, gateway: nil, judge: judge).warnings == [])
    }

    @Test("paths and campaigns are encoded so that they come out as they were meant")
    func encoding() throws {
        let judge = try KitFixtures.judge(
            KitFixtures.route("enterprise", "buy", paths: #""/é b/%2F+/{partner}""#),
            KitFixtures.route("enterprise", "trial", paths: "\"/a/{partner}\""),
            KitFixtures.route("small-business", "buy", paths: "\"/b/{partner}/\""),
            KitFixtures.route("small-business", "trial", paths: "\"/c/{partner}\""))
        let campaign = "50% &\"'`$é"
        let kit = try KitFixtures.kit(campaign: campaign, judge: judge)
        #expect(
            kit.values[1].data
                == "https://gateway.example.com/%C3%A9%20b/%2F%2B/1234567?tag=50%25%20%26%22%27%60%24%C3%A9")
        #expect(kit.values[2].data.hasPrefix("https://gateway.example.com/a/1234567?tag="))
        #expect(kit.forecasts.allSatisfy { $0.verdict.campaign == campaign && $0.verdict.isAttributed })
    }

    @Test("a route is chosen that answers on the gateway's host")
    func hosts() throws {
        func judge(_ host: String) throws -> SignupJudge {
            try KitFixtures.judge(
                KitFixtures.route("enterprise", "buy", paths: "\"/a/{partner}\"", more: ", hosts: [\(host)]"),
                KitFixtures.route("enterprise", "trial", paths: "\"/b/{partner}\""),
                KitFixtures.route("small-business", "buy", paths: "\"/c/{partner}\""),
                KitFixtures.route("small-business", "trial", paths: "\"/d/{partner}\""))
        }
        #expect(try KitFixtures.kit(judge: try judge("gateway.example.com")).values.count == 5)
        let fault = #expect(throws: KitFault.self) { try KitFixtures.kit(judge: try judge("other.example.com")) }
        #expect(fault?.message.contains("no route for enterprise buy answers on gateway.example.com") == true)
    }

    @Test("what makes no working URLs is refused with what to do")
    func faults() throws {
        func message(_ make: () throws -> Kit) -> String {
            #expect(throws: KitFault.self) { try make() }?.message ?? ""
        }
        #expect(message { try KitFixtures.kit(gateway: nil) }.contains("gateway is missing"))
        #expect(message { try KitFixtures.kit(KitFixtures.active, .mospa, campaign: "spring") }.contains("agreement mosra"))
        #expect(message { try KitFixtures.kit(campaign: "Spring") }.contains(#"matches "[a-z0-9-]{1,40}""#))
        #expect(message { try KitFixtures.kit(campaign: "") }.contains("none that the route"))
        let judge = try KitFixtures.judge(
            KitFixtures.route("enterprise", "buy", paths: "/a"), KitFixtures.route("enterprise", "trial", paths: "/b"),
            KitFixtures.route("small-business", "buy", paths: "/c"), KitFixtures.route("small-business", "trial", paths: "/d"))
        #expect(message { try KitFixtures.kit(judge: judge) }.contains("/p/{partner}/enterprise/buy"))
    }

    @Test(
        "a gateway is scheme and host, and nothing else",
        arguments: [
            ("https://gateway.example.com", "https://gateway.example.com"),
            ("HTTPS://Gateway.Example.COM/", "https://gateway.example.com"),
            ("http://gateway.example.com:8080", "http://gateway.example.com:8080"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
            ("gateway.example.com", nil), ("ftp://gateway.example.com", nil), ("https://", nil), ("https://:443", nil),
            ("https://a@gateway.example.com", nil), ("https://gateway.example.com/x", nil), ("https://gateway.example.com?", nil),
            ("https://gateway.example.com#", nil), ("https://gate way.example.com", nil), ("https://gateway.example.com:0", nil),
            ("https://gäteway.example.com", nil), ("https://gateway\".example.com", nil), ("https://gateway.example.com\n", nil),
        ] as [(String, String?)])
    func gateways(text: String, expected: String?) {
        #expect((try? GatewayURL(text))?.description == expected)
    }
}

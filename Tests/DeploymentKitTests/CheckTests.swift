import Attribution
import Testing

@testable import DeploymentKit

@Suite("What is wrong with a server's registry")
struct CheckTests {
    private static let key = "[\(MSOKey.path)]"
    private static let gateway = "https://gateway.example.com"

    private func check(
        _ lines: String..., gateway: String? = CheckTests.gateway, judge: SignupJudge? = nil
    ) throws -> ExportCheck {
        let text = (["Windows Registry Editor Version 5.00", ""] + lines + [""]).joined(separator: "\r\n")
        return ExportCheck(
            try RegistryExport(KitFixtures.utf16(text)), judge: try judge ?? KitFixtures.judge(),
            gateway: try gateway.map { try GatewayURL($0) })
    }

    /// `mistake wrong-type Partner`
    private func findings(_ check: ExportCheck) -> [String] {
        check.findings.map { "\($0.severity.rawValue) \($0.code.rawValue)" + ($0.value.map { " \($0)" } ?? "") }
    }

    @Test("what a kit sets is fine", arguments: KitAgreement.allCases)
    func kits(agreement: KitAgreement) throws {
        let kit = try KitFixtures.kit(KitFixtures.active, agreement, campaign: agreement == .mosra ? "spring" : nil)
        let check = ExportCheck(
            try RegistryExport(try kit.file(.reg).bytes), judge: try KitFixtures.judge(), gateway: try GatewayURL(Self.gateway))
        #expect(check.findings == [])
        #expect(check.isAttributed)
        #expect(check.partner == KitFixtures.active)
        #expect(check.values.map(\.name) == kit.values.map(\.name))
        #expect(check.values.dropFirst().allSatisfy { $0.opened.map(\.verdict.campaign) == ["spring"] })
    }

    @Test(
        "an ID that is not attributed is told with its outcome",
        arguments: [
            ("xxxxx", "placeholder"), ("1234568", "unknown"), ("4567890", "suspended (lapsed)"), ("01234567", "leading-zero"),
            ("12345678901", "too-long"), ("12a", "not-digits"), ("", "missing"), ("%PARTNER%", "placeholder"),
            ("101bde18-5ffb-4d79-a47b-f5b2c62525b3", "guid"), ("7890123", "not-yet-valid"),
        ])
    func outcomes(id: String, words: String) throws {
        let check = try check(Self.key, "\"Partner\"=\"\(id)\"")
        #expect(findings(check) == ["mistake not-attributed Partner"])
        #expect(check.findings.first?.message.contains(words) == true)
        #expect(!check.isAttributed)
        #expect(check.partner == nil)
    }

    @Test("an unknown ID is held against those that differ by a digit")
    func neighbours() throws {
        let check = try check(Self.key, #""Partner"="1234568""#)
        #expect(check.findings.first?.message.contains("perhaps 1234567 is meant") == true)
    }

    @Test("a number in place of a string is not sent, whatever it says")
    func types() throws {
        let dword = try check(Self.key, #""Partner"=dword:0012d687"#)
        #expect(findings(dword) == ["mistake wrong-type Partner"])
        #expect(dword.values.map(\.words) == [["not sent"]])
        #expect(!dword.isAttributed)
        let expanded = try check(Self.key, #""Partner"=hex(2):31,00,32,00,33,00,34,00,35,00,36,00,37,00,00,00"#)
        #expect(findings(expanded) == ["mistake wrong-type Partner"])
        #expect(expanded.hasMistakes)
    }

    @Test("white space around data is told, and does no harm to what Porter reads")
    func spaces() throws {
        let check = try check(
            Self.key, #""Partner"="1234567 ""#, #""MOSRASTDBUY"=" https://gateway.example.com/p/1234567/enterprise/buy ""#)
        #expect(
            findings(check) == ["warning space Partner", "warning space MOSRASTDBUY", "warning incomplete"])
        #expect(check.isAttributed)
        #expect(!check.hasMistakes)
    }

    @Test("a key where a value was meant")
    func keyForValue() throws {
        let alone = try check(Self.key, "", "[\(MSOKey.path)\\Partner]", #"@="1234567""#)
        #expect(findings(alone) == ["mistake no-values", "mistake key-for-value"])
        let beside = try check(Self.key, #""Partner"="1234567""#, "[\(MSOKey.path)\\Partner]")
        #expect(findings(beside) == ["warning key-for-value"])
        #expect(beside.isAttributed)
    }

    @Test("a key named as a value beside the module's key, and one in the part for 32-bit programs, of which both are told")
    func keyForValueElsewhere() throws {
        let server = #"[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\Partner]"#
        #expect(findings(try check(server, #"@="2345678""#)) == ["mistake no-values", "mistake key-for-value"])
        #expect(findings(try check(server, #"@="2345678""#, "", Self.key, #""Partner"="1234567""#)) == ["warning key-for-value"])
        let for32Bit = #"[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows Server\MSO\Partner]"#
        #expect(
            findings(try check(for32Bit, #"@="2345678""#)) == [
                "mistake no-values", "mistake key-for-value", "mistake wow6432node",
            ])
        #expect(
            findings(try check(#"[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server\Networking]"#, #"@="2345678""#)) == [
                "mistake no-values"
            ])
    }

    @Test("the part for 32-bit programs, and other keys that the module does not read")
    func otherKeys() throws {
        let value = #""Partner"="1234567""#
        let places = [
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\Windows Server\MSO"#, "wow6432node"),
            (#"HKEY_CURRENT_USER\SOFTWARE\Microsoft\Windows Server\MSO"#, "wrong-key"),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Server"#, "wrong-key"),
            (#"HKEY_LOCAL_MACHINE\SOFTWARE\ Microsoft \Windows Server\ MSO"#, "wrong-key"),
        ]
        for (place, code) in places {
            #expect(findings(try check("[\(place)]", value)) == ["mistake no-values", "mistake \(code) Partner"], "\(place)")
            #expect(findings(try check("[\(place)]", value, Self.key, value)) == ["warning \(code) Partner"], "\(place)")
        }
    }

    @Test("the hive of an image, loaded under another name")
    func loaded() throws {
        let check = try check(#"[HKEY_LOCAL_MACHINE\porter\Microsoft\Windows Server\MSO]"#, #""Partner"="1234567""#)
        #expect(findings(check) == ["warning loaded-hive"])
        #expect(check.isAttributed)
    }

    @Test(
        "names that the module does not read",
        arguments: [
            ("Partenaire", "translated-name"), ("パートナー", "translated-name"), ("Partner ", "wrong-name"), ("POR ID", "wrong-name"),
        ])
    func names(name: String, code: String) throws {
        let alone = try check(Self.key, "\"\(name)\"=\"1234567\"")
        #expect(findings(alone) == ["mistake no-values", "mistake \(code) \(name)"])
        let beside = try check(Self.key, "\"\(name)\"=\"1234567\"", #""partner"="1234567""#)
        #expect(findings(beside) == ["warning \(code) \(name)"])
    }

    @Test(
        "names in which the word for partner stands, whatever they hold",
        arguments: [
            "ID partenaire", "Identyfikator partnera", "Partner ID", "Partner-ID", "PartnerID", "ID партнёра", "パートナー ID",
        ])
    func namesOfThePartner(name: String) throws {
        for data in ["1234567", "xxxxx", ""] {
            let alone = try check(Self.key, "\"\(name)\"=\"\(data)\"")
            #expect(findings(alone) == ["mistake no-values", "mistake wrong-name \(name)"], "\(data)")
            let beside = try check(Self.key, "\"\(name)\"=\"\(data)\"", #""Partner"="1234567""#)
            #expect(findings(beside) == ["warning wrong-name \(name)"], "\(data)")
        }
        #expect(findings(try check(Self.key, "\"\(name)\"=dword:00000001")) == ["mistake no-values"])
    }

    @Test("the default value, and a number under another name, when they look like an ID")
    func disguised() throws {
        #expect(findings(try check(Self.key, #"@="1234567""#)) == ["mistake no-values", "mistake wrong-name "])
        #expect(findings(try check(Self.key, #""POR"=dword:0012d687"#)) == ["mistake no-values", "mistake wrong-name POR"])
        #expect(findings(try check(Self.key, #""Partner"="1234567""#, #""Installed"=dword:00000001"#, #""Version"="6.3""#)) == [])
    }

    @Test("URLs of another host, of nobody's, of another endpoint, of nowhere")
    func urls() throws {
        func found(_ url: String, gateway: String? = Self.gateway) throws -> [String] {
            findings(try check(Self.key, "\"MOSRASTDTRY\"=\"\(url)\"", gateway: gateway)).filter { $0 != "warning incomplete" }
        }
        #expect(try found("https://gateway.example.com/p/1234567/enterprise/trial") == [])
        #expect(try found("HTTPS://GATEWAY.EXAMPLE.COM:443/P/1234567/Enterprise/Trial/?x=1#y") == [])
        #expect(
            try found("http://syndicatepartner.office365.com/enterprisetry.html") == ["mistake other-host MOSRASTDTRY"])
        #expect(
            try found("https://elsewhere.example.com/p/1234567/enterprise/trial", gateway: nil)
                == ["warning host-not-known MOSRASTDTRY"])
        #expect(
            try found("https://gateway.example.com/p/1234567/enterprise/buy") == ["mistake other-endpoint MOSRASTDTRY"])
        #expect(try found("https://gateway.example.com/p/1234567") == ["mistake not-attributed MOSRASTDTRY"])
        #expect(try found("https://gateway.example.com/p/xxxxx/enterprise/trial") == ["mistake not-attributed MOSRASTDTRY"])
        #expect(try found("https://gateway.example.com/enterprisetry.html") == ["mistake not-attributed MOSRASTDTRY"])
        #expect(try found("https://gateway.example.com/healthz") == ["mistake not-attributed MOSRASTDTRY"])
        #expect(try found("gateway.example.com/p/1234567/enterprise/trial") == ["mistake no-url MOSRASTDTRY"])
    }

    @Test(
        "a URL of another port than the gateway's goes past it; usual ports are the same as none",
        arguments: [
            ("https://gateway.example.com", "https://gateway.example.com:9999", "mistake other-port MOSRASTDTRY"),
            ("https://gateway.example.com", "http://gateway.example.com:81", "warning other-scheme MOSRASTDTRY"),
            ("https://gateway.example.com", "http://gateway.example.com", "warning other-scheme MOSRASTDTRY"),
            ("https://gateway.example.com", "http://gateway.example.com:80", "warning other-scheme MOSRASTDTRY"),
            ("https://gateway.example.com", "https://gateway.example.com:443", nil),
            ("https://gateway.example.com:443", "https://gateway.example.com", nil),
            ("https://gateway.example.com", "https://gateway.example.com:", nil),
            ("https://gateway.example.com", "https://gateway.example.com:x", "mistake other-port MOSRASTDTRY"),
            ("https://gateway.example.com:8443", "https://gateway.example.com", "mistake other-port MOSRASTDTRY"),
            ("https://gateway.example.com:8443", "http://gateway.example.com:8080", "warning other-scheme MOSRASTDTRY"),
            ("https://gateway.example.com:8443", "https://gateway.example.com:8443", nil),
            ("http://gateway.example.com:8080", "http://gateway.example.com:8080", nil),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", nil),
            ("https://[2001:db8::1]", "https://[2001:db8::1]:443", nil),
            ("https://[2001:db8::1]", "https://[2001:db8::1]:444", "mistake other-port MOSRASTDTRY"),
        ] as [(String, String, String?)])
    func ports(gateway: String, start: String, found: String?) throws {
        let check = try check(Self.key, "\"MOSRASTDTRY\"=\"\(start)/p/1234567/enterprise/trial\"", gateway: gateway)
        #expect(findings(check) == [found, "warning incomplete"].compactMap { $0 })
        #expect(check.isAttributed == (found?.hasPrefix("mistake") != true))
    }

    @Test("the host of a route is known without a gateway")
    func routeHosts() throws {
        let judge = try KitFixtures.judge(
            KitFixtures.route("enterprise", "trial", paths: "/t, \"/p/{partner}\"", more: ", hosts: [gateway.example.com]"))
        let ours = try check(Self.key, #""MOSRASTDTRY"="https://gateway.example.com/p/1234567""#, gateway: nil, judge: judge)
        #expect(findings(ours) == ["warning incomplete"])
        let other = try check(Self.key, #""MOSRASTDTRY"="https://other.example.com/p/1234567""#, gateway: nil, judge: judge)
        #expect(findings(other) == ["mistake other-host MOSRASTDTRY", "warning incomplete"])
        #expect(!other.isAttributed)
    }

    @Test("a URL without an ID depends on the value Partner, and one with another ID contradicts it")
    func urlAndPartner() throws {
        let url = #""MOSRASTDTRY"="https://gateway.example.com/enterprisetry.html""#
        let added = try check(Self.key, #""Partner"="1234567""#, url)
        #expect(findings(added) == ["warning no-partner-in-url MOSRASTDTRY", "warning incomplete"])
        #expect(added.isAttributed)
        let suspended = try check(Self.key, #""Partner"="4567890""#, url)
        #expect(
            findings(suspended) == [
                "mistake not-attributed Partner", "mistake not-attributed MOSRASTDTRY", "warning incomplete",
            ])
        let differing = try check(
            Self.key, #""Partner"="1234567""#, #""MOSRASTDTRY"="https://gateway.example.com/p/2345678/enterprise/trial""#)
        #expect(findings(differing) == ["mistake other-partner MOSRASTDTRY", "warning incomplete"])
        #expect(differing.isAttributed)
        #expect(differing.partner == nil)
    }

    @Test("a file that deletes, and one that holds nothing of it")
    func nothing() throws {
        #expect(findings(try check(Self.key, #""Partner"=-"#)) == ["mistake no-values", "mistake deleted Partner"])
        #expect(findings(try check("[-\(MSOKey.path)]")) == ["mistake no-values", "mistake deleted"])
        let empty = try check("[HKEY_LOCAL_MACHINE\\SOFTWARE]")
        #expect(findings(empty) == ["mistake no-values"])
        #expect(!empty.isAttributed)
    }

    @Test("lines that can't be read are told")
    func unreadable() throws {
        #expect(findings(try check(Self.key, "???", #""Partner"="1234567""#)) == ["warning unreadable"])
    }

    @Test(
        "a file that is cut off is no whole one, wherever it ends",
        arguments: [
            #""MOSRASTDBUY"=hex(1):68,00,\"#, #""MOSRASTDBUY"=hex(1):68,00,\"# + "\r\n",
            #""MOSRASTDBUY"=hex(1):68,00,\"# + "\r\n\r\n",
            #""MOSRASTDBUY"=hex(1):68,00"#, #""MOSRASTDBUY"=hex(1):68,00,"#, #""MOSRASTDBUY"=hex(1):68,00,00"#,
            #""MOSRASTDBUY"=hex:68,"#, #""MOSRASTDBUY"="https://gateway.example.com/p/1234"#, #""MOSRASTDBUY"="#,
            #""MOSRASTD"#, #""MOSRASTDBUY""#, #"[HKEY_LOCAL_MACHINE\SOFT"#,
            "[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n" + #""Other"=hex:68,00,\"#,
            "[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n" + #""Other"=hex:68,00,\"# + "\r\n  68,\\",
        ])
    func cutOff(end: String) throws {
        let head = "Windows Registry Editor Version 5.00\r\n\r\n\(Self.key)\r\n\"Partner\"=\"1234567\"\r\n"
        let export = try RegistryExport(KitFixtures.utf16(head + end))
        let check = ExportCheck(export, judge: try KitFixtures.judge(), gateway: nil)
        #expect(findings(check) == ["mistake cut-off"])
        #expect(check.values.map(\.name) == [.partner], "half a value is none")
        #expect(export.problems.isEmpty)
    }

    @Test("a file that is whole needs no line end behind its last value")
    func whole() throws {
        for end in ["", "\r\n", "\r\n\r\n"] {
            for value in [#""Partner"="1234567""#, #""Partner"=hex(1):31,00,32,00,33,00,34,00,35,00,36,00,37,00,00,00"#] {
                let text = "Windows Registry Editor Version 5.00\r\n\r\n\(Self.key)\r\n\(value)\(end)"
                let export = try RegistryExport(KitFixtures.utf16(text))
                #expect(ExportCheck(export, judge: try KitFixtures.judge(), gateway: nil).findings == [], "\(value)")
            }
        }
    }

    @Test("without a route for the module's endpoints nothing can be said of an ID")
    func noEndpoint() throws {
        let judge = try KitFixtures.judge("name: a\nmatch: { paths: [/a] }\ndestination: { url: https://x.example }\n")
        let check = try check(Self.key, #""Partner"="1234567""#, judge: judge)
        #expect(findings(check) == ["mistake no-endpoint-route Partner"])
        #expect(!check.isAttributed)
    }

    @Test("messages are one line, whatever the registry holds")
    func messages() throws {
        let check = try check(
            Self.key, #""Partner"=hex(1):31,00,0a,00,1b,00,00,00"#, "\"Partenaire\u{202E}\u{1B}\"=\"1234567\"",
            "\"MOSRASTDBUY\"=\"https://a\u{7}.example.com/\"")
        #expect(!check.findings.isEmpty)
        for finding in check.findings {
            for scalar in ((finding.place ?? "") + finding.message + finding.code.rawValue).unicodeScalars {
                #expect(scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format)
            }
        }
    }
}

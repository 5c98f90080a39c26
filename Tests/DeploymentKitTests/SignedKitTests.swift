import Attribution
import Testing

@testable import DeploymentKit

@Suite("Signed kits")
struct SignedKitTests {
    /// The last second of 2021-10-03, UTC.
    private static let end = Timestamp(rfc3339: "2021-10-03T23:59:59Z")!

    private static func urls(_ kit: Kit) -> [String] { kit.values.filter { $0.name != .partner }.map(\.data) }

    @Test("each URL has its own signature, valid to the end of the last day", arguments: [nil, "spring-2016"] as [String?])
    func signed(campaign: String?) throws {
        let kit = try KitFixtures.signedKit(campaign: campaign)
        let tag = campaign.map { "campaign=\($0)&" } ?? ""
        for url in Self.urls(kit) {
            let parts = url.split(separator: "?")
            #expect(parts.count == 2)
            #expect(parts.last?.hasPrefix("\(tag)exp=\(Self.end.seconds)&sig=") == true, "\(url)")
            #expect(url.utf8.suffix(64).allSatisfy { $0.hexValue != nil })
        }
        #expect(Set(Self.urls(kit).map { $0.suffix(64) }).count == 4)
        #expect(kit.forecasts.map(\.verdict.signature) == Array(repeating: .valid, count: 4))
        #expect(kit.forecasts.allSatisfy { $0.verdict.campaign == campaign })
        #expect(kit.isAttributed)
        #expect(kit.warnings.isEmpty)
        #expect(kit.signedThrough == CalendarDay("2021-10-03"))
    }

    @Test("what is signed is what the article says, and not the other way round than the front door reads it")
    func asTheArticle() throws {
        let url = try #require(Self.urls(try KitFixtures.signedKit(campaign: "spring")).first)
        let link = SignedLink(
            path: Array("/p/1234567/enterprise/buy".utf8), partner: KitFixtures.active, campaign: Array("spring".utf8),
            expiry: Self.end.seconds)
        #expect(url.hasSuffix("&sig=\(link.signature(with: KitFixtures.key))"))
    }

    @Test("routes that do not look for signatures attribute signed links as well")
    func off() throws {
        let kit = try KitFixtures.signedKit(judge: try KitFixtures.signedJudge("off"))
        #expect(kit.isAttributed)
        #expect(kit.forecasts.allSatisfy { $0.verdict.signature == nil })
    }

    @Test("a kit without signatures for routes that require them warns, and says what would help")
    func unsigned() throws {
        let judge = try KitFixtures.signedJudge("require")
        for agreement in KitAgreement.allCases {
            let kit = try KitFixtures.kit(KitFixtures.active, agreement, judge: judge)
            #expect(
                kit.warnings.map(\.message) == [
                    "sign-ups with the Partner ID 1234567 would not be attributed on 2016-10-03: unsigned, signature absent",
                    "routes require signed links, and only a kit of the agreement mosra can be signed: ask for sign",
                ])
        }
    }

    @Test("MOSPA sets no URL, so there is nothing to sign")
    func mospa() throws {
        let fault = #expect(throws: KitFault.self) {
            try Kit(
                for: KitFixtures.active, under: .mospa, gateway: nil, campaign: nil,
                signing: KitSigning(with: KitFixtures.key, through: CalendarDay("2021-10-03")!),
                judge: try KitFixtures.signedJudge("require"))
        }
        #expect(fault?.kind == .signatureWithoutURL)
    }

    @Test("a day that no link can end on is refused with the URL")
    func tooLate() throws {
        let fault = #expect(throws: KitFault.self) { try KitFixtures.signedKit(through: "9999-12-31") }
        #expect(fault?.kind == .notSigned)
        #expect(fault?.message.contains("5138") == true)
    }

    // MARK: Files

    @Test("the & between parameters arrives whole, whichever file sets the URL")
    func files() throws {
        let kit = try KitFixtures.signedKit(campaign: "a-1")
        let export = try RegistryExport(try kit.file(.reg).bytes)
        #expect(
            export.keys.first?.values == kit.values.map { RegistryExport.Value(name: $0.name.rawValue, data: .string($0.data)) })

        let start = #""%SystemRoot%\System32\reg.exe" add "#
        let batch = KitFixtures.text(try kit.file(.cmd)).split(separator: "\r\n").filter { $0.hasPrefix(start) }
        let read = batch.map { line in
            let (command, marks) = WindowsReader.batchLine(
                String(line.dropFirst(start.count).dropLast(" >nul || goto failed".count)))
            #expect(marks.isEmpty)
            return WindowsReader.arguments(command)[6]
        }
        #expect(read == kit.values.map(\.data))

        for script in [KitScript.ps1, .offline] {
            let text = KitFixtures.text(try kit.file(script))
            for value in kit.values {
                let literal = PowerShellText.literal(value.data)
                #expect(text.contains("Data = \(literal) }"))
                #expect(WindowsReader.powerShellLiteral(literal) == value.data)
            }
        }

        let short = try KitFixtures.signedKit()
        let setup = KitFixtures.text(try short.file(.unattend))
        for value in short.values {
            let command = RegCommand.shortAdd(value)
            #expect(WindowsReader.arguments(command)[6] == value.data)
            #expect(setup.contains("<Path>\(MarkupText.escaped(command))</Path>"))
        }
        #expect(setup.contains("&amp;sig="))
    }

    @Test("a signature and a campaign of the usual length are what Windows Setup takes as one command")
    func shortEnoughForSetup() throws {
        let text = KitFixtures.text(try KitFixtures.signedKit(campaign: "spring-2026").file(.unattend))
        #expect(text.contains("campaign=spring-2026&amp;exp="))
    }

    @Test("a signature and a long campaign are more than Windows Setup takes as one command")
    func tooLongForSetup() throws {
        let kit = try KitFixtures.signedKit(campaign: String(repeating: "a", count: 40))
        let fault = #expect(throws: KitFault.self) { try kit.file(.unattend) }
        #expect(fault?.kind == .commandTooLong)
        #expect(try kit.file(.cmd).bytes.isEmpty == false)
    }

    @Test("files say that they are signed, and until when; their undo does not")
    func remarks() throws {
        let kit = try KitFixtures.signedKit()
        for script in KitScript.allCases where script != .reg {
            #expect(KitFixtures.text(try kit.file(script)).contains("signed and valid through 2021-10-03"), "\(script)")
            #expect(!KitFixtures.text(try kit.file(script, undo: true)).contains("signed and valid"), "\(script)")
        }
        #expect(try kit.file(.reg).name == "porter-1234567-mosra-signed.reg")
        #expect(try KitFixtures.kit().file(.reg).name == "porter-1234567-mosra.reg")
    }

    @Test("scripts for a partner who would not be attributed say so in their first lines", arguments: KitScript.allCases)
    func warnings(script: KitScript) throws {
        let kit = try KitFixtures.kit(KitFixtures.suspended)
        let warning = "WARNING: sign-ups with the Partner ID 4567890 would not be attributed on 2016-10-03: suspended (lapsed)"
        // Nothing but values may stand in regedit's file.
        #expect(KitFixtures.text(try kit.file(script)).contains(warning) == (script != .reg))
        #expect(!KitFixtures.text(try kit.file(script, undo: true)).contains("WARNING"))
        if script == .unattend {
            let comment = KitFixtures.text(try kit.file(script)).split(separator: "<!--")[1].split(separator: "-->")[0]
            #expect(!comment.contains("--"))
        }
    }

    // MARK: Orders

    private func order(_ change: (inout KitWishes) -> Void) throws -> KitOrder {
        var wishes = KitWishes()
        change(&wishes)
        return try KitOrder(for: KitFixtures.active, wishes, on: KitFixtures.time.day)
    }

    @Test("without wishes it is regedit's file for MOSPA, unsigned")
    func usual() throws {
        let order = try order { _ in }
        #expect(order.agreement == .mospa)
        #expect(order.format == .script(.reg))
        #expect(order.signedThrough == nil)
        #expect(order.summary == "1234567 mospa reg")
    }

    @Test("signatures last five years unless a day is named")
    func ends() throws {
        #expect(
            try order {
                $0.agreement = "mosra"
                $0.sign = true
            }.signedThrough == CalendarDay("2021-10-03"))
        let named = try order {
            $0.agreement = "mosra"
            $0.sign = true
            $0.until = "2016-10-03"
        }
        #expect(named.signedThrough == CalendarDay("2016-10-03"))
        #expect(named.summary == "1234567 mosra reg, signed through 2016-10-03")
        #expect(KitOrder.usualEnd(on: CalendarDay("2016-02-29")!) == CalendarDay("2021-03-01"))
    }

    @Test("what takes the values away needs no key")
    func undo() throws {
        let order = try order {
            $0.agreement = "mosra"
            $0.sign = true
            $0.undo = true
        }
        #expect(order.signedThrough == nil)
        #expect(order.summary == "1234567 mosra reg, its undo")
    }

    @Test("what can't be read or does not go together is told by its kind, with what was given")
    func faults() throws {
        func fault(_ change: (inout KitWishes) -> Void) -> KitFault? {
            #expect(throws: KitFault.self) { try order(change) }
        }
        #expect(fault { $0.agreement = "mopsa" }?.kind == .agreement)
        #expect(fault { $0.agreement = "mopsa" }?.words == ["\"mopsa\""])
        #expect(fault { $0.format = "exe" }?.kind == .format)
        #expect(fault { $0.gateway = "gateway.example.com" }?.kind == .gateway)
        #expect(fault { $0.sign = true }?.kind == .signatureWithoutURL)
        #expect(fault { $0.until = "2031-10-03" }?.kind == .untilWithoutSignature)
        #expect(
            fault {
                $0.format = "guide"
                $0.undo = true
            }?.kind == .guideUndone)
        for (until, kind) in [("tomorrow", KitFault.Kind.until), ("2016-10-02", .untilOver), ("2016-02-30", .until)] {
            #expect(
                fault {
                    $0.agreement = "mosra"
                    $0.sign = true
                    $0.until = until
                }?.kind == kind, "\(until)")
        }
    }

    @Test("the guide says until when its addresses are valid")
    func guide() throws {
        let texts = GuideSentence.allCases.map { sentence in
            let places = sentence.places.map { "{\($0.rawValue)}" }.sorted().joined(separator: " ")
            return "\(sentence.rawValue): \(sentence.rawValue) \(places)"
        }
        let guide = try Guide(
            shell: Array("{{content}}".utf8), file: "guide.html",
            texts: try GuideTexts(Array(texts.joined(separator: "\n").utf8), language: .english, file: "en.txt"))
        let page = guide.page(for: try KitFixtures.signedKit(), of: nil)
        #expect(KitFixtures.text(page).contains("<p>signed October 3, 2021</p>"))
        #expect(KitFixtures.text(page).contains("&amp;sig="))
        #expect(page.name == "porter-1234567-mosra-signed-guide-en.html")
        #expect(!KitFixtures.text(guide.page(for: try KitFixtures.kit(), of: nil)).contains("<p>signed "))
    }

    // MARK: Checks

    /// - Parameter change: what somebody did to the URL of MOSRASTDBUY.
    private func check(
        _ judge: SignupJudge, kit: Kit? = nil, changed change: (String) -> String = { $0 }
    ) throws -> ExportCheck {
        let kit = try kit ?? KitFixtures.signedKit(campaign: "spring")
        let lines = kit.values.map { "\"\($0.name.rawValue)\"=\"\($0.name == .enterpriseBuy ? change($0.data) : $0.data)\"" }
        let text = (["Windows Registry Editor Version 5.00", "", "[\(MSOKey.path)]"] + lines + [""]).joined(separator: "\r\n")
        return ExportCheck(
            try RegistryExport(KitFixtures.utf16(text)), judge: judge, gateway: try GatewayURL("https://gateway.example.com"))
    }

    private func codes(_ check: ExportCheck) -> [String] {
        check.findings.map { "\($0.severity.rawValue) \($0.code.rawValue)" + ($0.value.map { " \($0)" } ?? "") }
    }

    @Test("a server with a signed kit is fine")
    func valid() throws {
        for rule in ["off", "report", "require"] {
            let check = try check(try KitFixtures.signedJudge(rule))
            #expect(check.findings == [], "\(rule)")
            #expect(check.isAttributed)
        }
        let required = try check(try KitFixtures.signedJudge("require"))
        #expect(required.values.allSatisfy { $0.words == ["attributed, signature valid"] })
    }

    @Test("the value Partner alone can't be signed, so with routes that require it the server needs the URLs")
    func partnerAlone() throws {
        let judge = try KitFixtures.signedJudge("require")
        let check = try check(judge, kit: try KitFixtures.kit(KitFixtures.active, .mospa, gateway: nil, judge: judge))
        #expect(codes(check) == ["mistake not-attributed Partner"])
        #expect(check.findings.first?.message.contains("--sign") == true)
    }

    @Test("a URL that somebody changed, one whose time is over, and one whose key is retired")
    func invalid() throws {
        let later = try #require(Timestamp(rfc3339: "2021-10-05"))
        let cases: [(judge: SignupJudge, change: (String) -> String, signature: LinkSignature, values: Int)] = [
            (try KitFixtures.signedJudge("require"), { $0.replacing("spring", with: "summer") }, .invalid, 1),
            (try KitFixtures.signedJudge("require", time: later), { $0 }, .expired, 4),
            (try KitFixtures.signedJudge("require", keys: []), { $0 }, .invalid, 4),
            (try KitFixtures.signedJudge("require"), { String($0.prefix { $0 != "?" }) }, .absent, 1),
        ]
        for (judge, change, signature, values) in cases {
            let check = try check(judge, changed: change)
            let told = check.findings
            #expect(told.map(\.code) == Array(repeating: .notAttributed, count: values), "\(signature)")
            #expect(told.allSatisfy { $0.message.contains("unsigned, signature \(signature.rawValue); ") })
            #expect(!check.isAttributed)
        }
    }

    @Test("where signatures are only reported, a bad one is a warning")
    func reported() throws {
        let later = try #require(Timestamp(rfc3339: "2021-10-05"))
        let changed = try check(try KitFixtures.signedJudge("report")) { $0.replacing("spring", with: "summer") }
        #expect(codes(changed) == ["warning signature-invalid MOSRASTDBUY"])
        #expect(changed.isAttributed)
        let over = try check(try KitFixtures.signedJudge("report", time: later))
        #expect(over.findings.map(\.code) == Array(repeating: .signatureExpired, count: 4))
        #expect(!over.hasMistakes)
    }
}

import Attribution
import DeploymentKit
import Foundation
import HTTPTypes
import Hummingbird
import Office
import RouteFiles
import Testing

@testable import BackOffice

@Suite("Kits as command, API and pages make them")
struct KitDeskTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardizedFileURL.path
    private static let publicFolder = repository + "/Public"
    private static let partner = PartnerID("1234567")!

    private let folder: TemporaryFolder
    private let office: Office
    private let desk = KitDesk(publicFolder: KitDeskTests.publicFolder)

    init() throws {
        folder = try TemporaryFolder()
        office = try Office.open(folder: folder.path)
        let csv = "id,name,status,agreement,language\n1234567,<b>Name,active,mosra,fr-FR\n77,Other,suspended,,\n"
        _ = try office.importPartners(
            csv: Array(csv.utf8), fileName: "p.csv", source: "test", by: RunningServer.caller, at: RunningServer.now,
            dryRun: false)
    }

    private func judge() throws -> SignupJudge {
        SignupJudge(
            routes: try RouteFolder.load(path: Self.repository + "/routes").table, directory: try office.currentDirectory(),
            time: RunningServer.now)
    }

    private func made(_ id: PartnerID = Self.partner, _ change: (inout KitWishes) -> Void) throws -> MadeKit {
        var wishes = KitWishes()
        change(&wishes)
        return try desk.make(
            try KitOrder(for: id, wishes, on: RunningServer.now.day), office, judge: try judge())
    }

    private func signed(_ wishes: inout KitWishes) {
        wishes.agreement = "mosra"
        wishes.gateway = "https://gateway.example.com"
        wishes.sign = true
    }

    @Test("a signed one takes the partner's newest key, and there has to be one")
    func signing() throws {
        let fault = #expect(throws: KitFault.self) { try made { signed(&$0) } }
        #expect(fault?.kind == .noKey)
        #expect(fault?.words == ["1234567"])
        _ = try office.addLinkKey(for: Self.partner, source: "old", by: RunningServer.caller, at: RunningServer.now)
        let (_, newest) = try office.addLinkKey(
            for: Self.partner, source: "new", by: RunningServer.caller, at: RunningServer.now)
        let kit = try made { signed(&$0) }.kit
        let end = try #require(CalendarDay("2021-10-04")).start.seconds - 1
        let link = SignedLink(
            path: Array("/p/1234567/enterprise/buy".utf8), partner: Self.partner, campaign: [], expiry: end)
        #expect(kit.values[1].data.hasSuffix("?exp=\(end)&sig=\(link.signature(with: LinkKey(secret: newest.text)))"))
        let undone = try made {
            signed(&$0)
            $0.undo = true
        }
        #expect(undone.kit.signedThrough == nil)
        #expect(undone.warnings.isEmpty)
    }

    @Test("warns of the other agreement, and of who would not be attributed; who takes values away needs no warning")
    func warnings() throws {
        let other = try made { $0.format = "cmd" }
        #expect(other.warnings.map { $0.message.contains("under mosra, and this kit is for mospa") } == [true])
        #expect(other.warnings.map(\.words) == [["1234567", "MOSRA", "MOSPA"]])
        #expect(String(decoding: other.file.bytes, as: UTF8.self).contains("rem WARNING: the directory has partner 1234567"))
        #expect(try made { $0.undo = true }.warnings.isEmpty)
        #expect(try made(PartnerID("77")!) { _ in }.warnings.count == 1)
        #expect(try made(PartnerID("78")!) { _ in }.warnings.first?.message.contains("unknown") == true)
    }

    @Test("what has warnings is held back until they are confirmed, and nothing else is")
    func heldBack() throws {
        let warned = try made { _ in }
        #expect(warned.isHeldBack(false))
        #expect(!warned.isHeldBack(true))
        let fine = try made {
            $0.agreement = "mosra"
            $0.gateway = "https://gateway.example.com"
        }
        #expect(!fine.isHeldBack(false))
        #expect(try !made { $0.undo = true }.isHeldBack(false))
    }

    @Test("the guide is in the partner's language, or the one that is asked for")
    func guides() throws {
        func language(_ wish: String?) throws -> String {
            let page = String(
                decoding: try made {
                    $0.format = "guide"
                    $0.language = wish
                }.file.bytes, as: UTF8.self)
            #expect(page.contains("&lt;b&gt;Name"))
            return String(page.split(separator: "lang=\"")[1].prefix { $0 != "\"" })
        }
        #expect(try language(nil) == "fr")
        #expect(try language("EN") == "en")
        let fault = #expect(throws: KitFault.self) { try language("tlh") }
        #expect(fault?.kind == .language)
        #expect(fault?.words.last == DocumentedLanguage.tags)
        let nowhere = KitDesk(publicFolder: "/nowhere")
        var wishes = KitWishes()
        wishes.format = "guide"
        let order = try KitOrder(for: Self.partner, wishes, on: RunningServer.now.day)
        let missing = #expect(throws: KitFault.self) { try nowhere.make(order, office, judge: try judge()) }
        #expect(missing?.kind == nil)
    }

    @Test("the guide's own style is allowed by its digest, and nothing else is")
    func policy() throws {
        let page = try made { $0.format = "guide" }.file.bytes
        let style = String(decoding: page, as: UTF8.self).components(separatedBy: "<style>")[1]
            .components(separatedBy: "</style>")[0]
        let policy = GuidePolicy.policy(for: page)
        #expect(policy == GuidePolicy.policy(for: Array("<style>\(style)</style>".utf8)))
        #expect(policy != GuidePolicy.policy(for: Array("<style>\(style) </style>".utf8)))
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
        #expect(!policy.contains("unsafe"))
        // As `openssl dgst -sha256 -binary | base64` has it.
        #expect(
            GuidePolicy.policy(for: Array("<style>p { color: red }</style>".utf8)).contains(
                "style-src 'sha256-\(Self.digest)'"))
        #expect(GuidePolicy.policy(for: Array("<p>".utf8)).contains("style-src 'none'"))
        // Windows' line ends are read as the others.
        let (windows, others) = (Array("<style>a\r\nb</style>".utf8), Array("<style>a\nb</style>".utf8))
        #expect(GuidePolicy.policy(for: windows) == GuidePolicy.policy(for: others))
    }

    private static let digest = "ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4="

    @Test("scripts are saved, the guide is opened where it is shown; warnings go with them")
    func answers() throws {
        let script = Response(try made { _ in }, isShown: true)
        #expect(script.headers[.contentDisposition] == "attachment; filename=\"porter-1234567-mospa.reg\"")
        #expect(script.headers[.contentType] == "application/octet-stream")
        #expect(script.headers[SecurityHeaders.policyName] == nil)
        #expect(script.headers[values: HTTPField.Name("Porter-Warning")!].count == 1)
        let guide = try made { $0.format = "guide" }
        let name = "filename=\"porter-1234567-mospa-guide-fr.html\""
        #expect(Response(guide, isShown: true).headers[.contentDisposition] == "inline; \(name)")
        #expect(Response(guide, isShown: false).headers[.contentDisposition] == "attachment; \(name)")
        #expect(Response(guide, isShown: false).headers[SecurityHeaders.policyName] == GuidePolicy.policy(for: guide.file.bytes))
    }

    @Test("what somebody asked wrongly is told as such, and a folder that lacks its texts is the server's fault")
    func problems() throws {
        let fault = #expect(throws: KitFault.self) { try made { $0.format = "exe" } }
        let asked = Problem(try #require(fault))
        #expect(asked.status == 400)
        #expect(asked.sentences.map(\.key) == ["kit-fault-format"])
        #expect(Problem(KitFault.noKey(of: Self.partner)).status == 409)
        let missing = Problem(KitFault("there are no texts in /secret/place"))
        #expect(missing.status == 500)
        #expect(!missing.detail.contains("/secret"))
    }

    @Test("whoever may make keys may have signed kits")
    func roles() {
        var wishes = KitWishes()
        #expect(wishes.role == .marketing)
        wishes.sign = true
        #expect(wishes.role == .admin)
    }
}

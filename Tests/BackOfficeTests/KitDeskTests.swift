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
        #expect(try made { _ in }.warnings.map { $0.contains("under mosra, and this kit is for mospa") } == [true])
        #expect(try made { $0.undo = true }.warnings.isEmpty)
        #expect(try made(PartnerID("77")!) { _ in }.warnings.count == 1)
        #expect(try made(PartnerID("78")!) { _ in }.warnings.first?.contains("unknown") == true)
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
}

import Attribution
import Foundation
import GRDB
import Testing

@testable import Office

@Suite("Keys of signed links")
struct KeyTests {
    private let office: Office

    init() throws {
        office = try Office.empty()
        try office.importText("id,name,status\n1234567,One,active\n2,Two,suspended\n")
    }

    private func add(_ partner: PartnerID = id("1234567"), at time: Timestamp = Moment.second) throws -> (PartnerKey, Secret) {
        try office.addLinkKey(for: partner, source: "key added", by: .anna, at: time)
    }

    private func link(_ partner: PartnerID = id("1234567")) -> SignedLink {
        SignedLink(path: Array("/signed".utf8), partner: partner, campaign: [], expiry: 1)
    }

    @Test("are in force with the version that they make, and sign what their secret signs")
    func adding() throws {
        let (key, secret) = try add()
        #expect(key.number == 1 && key.since.number == 2 && key.since.source == "key added" && key.until == nil)
        #expect(key.since.learnedAt == Moment.second)
        #expect(secret.text.hasPrefix("porterkey_") && secret.text.utf8.count == 53)
        let directory = try office.currentDirectory()
        #expect(directory.version == 2 && directory.count == 2)
        let signed = link().signature(with: LinkKey(secret: secret.text))
        #expect(directory.linkKeys(of: id("1234567")).map { link().signature(with: $0) } == [signed])
        #expect(directory.linkKeys(of: id("2")).isEmpty)
        #expect(try office.signingKey(of: id("1234567")).map { link().signature(with: $0) } == signed)
        #expect(try office.linkKeys(of: id("1234567")) == [key])
        // What the partner is has not changed.
        #expect(try office.history(of: id("1234567")).map(\.version.number) == [1])
    }

    @Test("are two at most, and the newest signs")
    func rotation() throws {
        let (old, _) = try add()
        let (new, secret) = try add(at: Moment.third)
        #expect(try office.currentDirectory().linkKeys(of: id("1234567")).count == 2)
        #expect(
            try office.signingKey(of: id("1234567")).map { link().signature(with: $0) }
                == link().signature(with: LinkKey(secret: secret.text)))
        let full = #expect(throws: OfficeError.self) { try add() }
        #expect(full?.code == .tooManyKeys)
        #expect(full?.message == "partner 1234567 has the keys 2 and 1, and no more can be in force; retire one first")
        #expect(try office.currentDirectoryVersion()?.number == 3)
        // Another partner's are counted apart.
        let (other, _) = try add(id("2"))
        #expect(other.number == 3)
        let retired = try office.retireLinkKey(old.number, of: id("1234567"), source: "x", by: .ben, at: Moment.third)
        #expect(retired.until?.number == 5 && retired.since == old.since)
        #expect(try office.currentDirectory().linkKeys(of: id("1234567")).count == 1)
        #expect(try office.linkKeys(of: id("1234567")) == [new, retired])
        #expect(try add().0.number == 4)
    }

    @Test("are forgotten when they are retired, and can't be retired twice or by others")
    func retiring() throws {
        let (key, _) = try add()
        for (number, partner) in [(key.number, id("2")), (99, id("1234567")), (-1, id("1234567"))] {
            let error = #expect(throws: OfficeError.self) {
                try office.retireLinkKey(number, of: partner, source: "x", by: .anna, at: Moment.third)
            }
            #expect(error?.code == .unknownKey)
        }
        try office.retireLinkKey(key.number, of: id("1234567"), source: "x", by: .anna, at: Moment.third)
        #expect(try office.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM link_key WHERE secret IS NOT NULL") } == 0)
        let isSigning = try office.signingKey(of: id("1234567")) != nil
        #expect(!isSigning)
        let again = #expect(throws: OfficeError.self) {
            try office.retireLinkKey(key.number, of: id("1234567"), source: "x", by: .anna, at: Moment.third)
        }
        #expect(again?.code == .unknownKey)
        #expect(try office.currentDirectoryVersion()?.number == 3)
    }

    @Test("leave nothing of their secrets in the file when they are retired")
    func traces() throws {
        let folder = try TemporaryFolder()
        let office = try Office.open(folder: folder.path)
        #expect(try office.writeUnnoted { try Int.fetchOne($0, sql: "PRAGMA secure_delete") } == 1)
        try office.importText("id,name,status\n1234567,One,active\n")
        let (key, secret) = try office.addLinkKey(for: id("1234567"), source: "x", by: .anna, at: Moment.second)
        #expect(try Self.holds(secret.text, folder))
        try office.retireLinkKey(key.number, of: id("1234567"), source: "x", by: .anna, at: Moment.third)
        #expect(try !Self.holds(secret.text, folder))
    }

    /// Whether the office's file, or the log beside it, holds a text when all of the log has gone into the file.
    private static func holds(_ text: String, _ folder: TemporaryFolder) throws -> Bool {
        let beside = try DatabaseQueue(path: folder.officePath)
        let isBusy = try beside.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        #expect(isBusy == 0)
        let held = try ["", "-wal"].map { suffix in
            try Data(contentsOf: URL(fileURLWithPath: folder.officePath + suffix)).range(of: Data(text.utf8)) != nil
        }
        try beside.close()
        return held.contains(true)
    }

    @Test("are only a partner's of the directory, and each change is in the access log, without the secret")
    func accessLog() throws {
        let unknown = #expect(throws: OfficeError.self) { try add(id("3")) }
        #expect(unknown?.code == .unknownPartner)
        let (key, secret) = try add()
        try office.retireLinkKey(key.number, of: id("1234567"), source: "x", by: .ben, at: Moment.third)
        let entries = try office.accessLog(limit: 2)
        #expect(
            entries.map(\.what)
                == ["1234567, key 1 retired, directory version 3", "1234567, key 1 added, directory version 2"])
        #expect(entries.map(\.who) == ["ben", "anna"] && entries.allSatisfy { $0.action == .partnerChange })
        #expect(entries.allSatisfy { !$0.what.contains(secret.text) })
    }

    @Test("stand beside imports: whoever has seen an older version of the directory is told")
    func besideImports() throws {
        _ = try add()
        let error = #expect(throws: OfficeError.self) {
            try office.importPartners(
                csv: Array("id,name,status\n2,Two,active\n".utf8), fileName: "p.csv", source: "p.csv", by: .ben, at: Moment.third,
                basedOn: [1])
        }
        #expect(error?.code == .changedMeanwhile)
        #expect(try office.importText("id,name,status\n2,Two,active\n", at: Moment.third).directoryVersion == 3)
        #expect(try office.currentDirectory().linkKeys(of: id("1234567")).count == 1)
    }
}

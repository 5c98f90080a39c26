import Attribution
import GRDB
import Office
import Testing

@testable import Subscriptions

@Suite("Notices of changes")
struct ChangeNoticeTests {
    private let office: Office
    private static let attributed = ClaimedSignup.attributed(receipt(1), partner("1234567"))

    init() throws { office = try Office.withPartners() }

    /// What partners are told of a subscription, in the order of the changes: `added 1234567`.
    private func told(of subscription: String = "sub-1") throws -> [String] {
        try entries(subscription).map { "\($0.notice.kind.rawValue) \($0.notice.partner)" }
    }

    private func entries(_ subscription: String = "sub-1") throws -> [OutboxEntry] {
        try Outbox(office: office).entries(ofSubscription: subscription, limit: 100).reversed()
    }

    @Test("go to who is added and to who is removed, whoever makes the change")
    func both() throws {
        try office.tell(.sample("e-1"), Self.attributed)
        #expect(try told() == ["added 1234567"])
        try office.set("2345678")
        #expect(try told().suffix(2) == ["removed 1234567", "added 2345678"])
        try office.remove()
        #expect(try told().suffix(1) == ["removed 2345678"])
        #expect(try told().count == 4)
    }

    @Test("say which subscription and which product, in the partner's language, and not who the customer is")
    func content() throws {
        try office.tell(.sample("e-1"), Self.attributed)
        let entry = try #require(try entries().first)
        let change = try #require(try office.associations(of: "sub-1", limit: 1).first)
        #expect(
            entry.notice
                == Notice(
                    change: change.receipt.description, kind: .added, partner: partner("1234567"), address: "one@partner.example",
                    language: "fr-FR", subscription: "sub-1", product: "Office 365", time: Moment.sold))
        #expect(entry.state == .pending && entry.nextAttempt == Moment.sold)
        let texts = try NoticeLibrary.load(publicFolder: publicFolder).texts(for: entry.notice.language)
        let letter = NoticeLetter(entry.notice, texts, takesReplies: true)
        for part in [letter.subject, letter.text, letter.html] {
            #expect(part.contains("sub-1") && part.contains("Office 365") && !part.contains("contoso"))
        }
    }

    @Test("go to nobody when the partner stays the same")
    func samePartner() throws {
        try office.tell(.sample("e-1"))
        try office.set("1234567")
        try office.set("1234567", program: .usage)
        try office.set("1234567", program: .usage)
        #expect(try told() == ["added 1234567"])
        #expect(try office.associations(of: "sub-1", limit: 10).count == 2)
    }

    @Test("are kept without an address, and for a partner that the directory does not have")
    func noAddress() throws {
        try office.tell(.sample("e-1"))
        try office.set("3456789")
        try office.tell(.sample("e-2", [.id: "sub-2"]), .attributed(receipt(2), partner("9876543")))
        #expect(try entries().map(\.state) == [.noAddress] && entries("sub-2").map(\.state) == [.noAddress])
        #expect(try told(of: "sub-2") == ["added 9876543"])
    }

    @Test("are those of the changes that are kept: none of what is told again, refused, previewed or undone")
    func kept() throws {
        let event = try SubscriptionEvent.sample("e-1")
        try office.tell(event, Self.attributed)
        try office.tell(event, Self.attributed)
        try office.tell(.sample("e-2", [.id: "sub-2", .channel: "syndicated"]), .attributed(receipt(2), partner("1234567")))
        #expect(throws: SubscriptionRefusal.self) { try office.set("2345678", onlyIf: [0]) }
        #expect(throws: SubscriptionRefusal.self) { try office.set("4567890") }
        #expect(throws: CancellationError.self) {
            try office.writeUnnoted { db -> Void in
                var subscription = try SubscriptionRow.required("sub-1", db)
                try AssociationRow.set(
                    nil, of: &subscription, AssociationRow.Cause(origin: .admin, actor: "anna"), receipt: receipt(3),
                    at: Moment.later, db)
                throw CancellationError()
            }
        }
        #expect(try told() == ["added 1234567"])
        #expect(try told(of: "sub-2").isEmpty)
        #expect(try office.subscription("sub-1")?.changes == 1)
    }

    @Test("come of a file as of calls, and not of its dry run")
    func imported() throws {
        let file = """
            event,id,tenant,product,offer,seats,channel,time,receipt
            e-1,sub-1,contoso.example,office-365,E3,5,direct,2016-10-05T07:00:00Z,\(receipt(1))

            """
        let csv = SubscriptionCSV(Array(file.utf8), now: Moment.later)
        for dryRun in [true, false] {
            _ = try office.importSubscriptions(
                csv, fileName: "s.csv", claimed: { _ in Self.attributed }, SubscriptionRules(), receipt: newReceipt(at:),
                by: .anna,
                at: Moment.later, dryRun: dryRun)
            #expect(try told() == (dryRun ? [] : ["added 1234567"]))
        }
    }
}

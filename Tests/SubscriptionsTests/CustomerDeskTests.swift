import Attribution
import Office
import Testing

@testable import Subscriptions

@Suite("The customer's page")
struct CustomerDeskTests {
    static let pages = Result { try CustomerLibrary.load(publicFolder: publicFolder) }

    let office: Office
    let link: IssuedCustomerLink

    init() throws {
        office = try Office.withPartners()
        try office.tell(.sample("e-1"))
        link = try office.issueCustomerLink(to: "sub-1", days: 30, by: .anna, at: Moment.later)
    }

    func desk(_ plain: PlainOffice? = nil, at time: Timestamp = Moment.later) throws -> CustomerDesk {
        CustomerDesk(
            keyring: CustomerKeyring(try office.customerKeys()), office: plain ?? PlainOffice(office),
            pages: try #require(try Self.pages.get()), now: { time })
    }

    func question(_ path: String? = nil, query: String = "", language: String = "") -> CustomerQuestion {
        var question = CustomerQuestion(path: Array((path ?? link.path).utf8.dropFirst(3)))
        question.query = Array(query.utf8)
        question.acceptLanguage = Array(language.utf8)
        question.address = "192.0.2.0"
        return question
    }

    func answer(_ question: CustomerQuestion, _ desk: CustomerDesk? = nil) async throws -> CustomerReply {
        let desk = try desk ?? self.desk()
        switch desk.judge(question) {
        case .answered(let reply), .refused(let reply, _): return reply
        case .visit(let visit): return try await desk.answer(visit)
        }
    }

    func post(_ form: String, _ desk: CustomerDesk? = nil) async throws -> CustomerReply {
        var question = question()
        question.isPost = true
        question.form = Array(form.utf8)
        return try await answer(question, desk)
    }

    func text(_ reply: CustomerReply) -> String { String(decoding: reply.html, as: UTF8.self) }

    func sentence(
        _ sentence: CustomerSentence, _ words: [CustomerPlace: String] = [:], in language: String = "en"
    ) throws -> String {
        let pages = try #require(try Self.pages.get())
        return MarkupText.escaped(pages.texts(for: Array(language.utf8)).line(sentence, words))
    }

    var changes: Int? { get throws { try office.subscription("sub-1")?.changes } }

    // MARK: The whole way

    @Test("checks an ID, makes it the partner of record, shows the latest ID, and removes it when it is deleted")
    func wholeWay() async throws {
        let first = try await answer(question())
        #expect(first.status == 200 && first.language == "en")
        #expect(try text(first).contains("<h1>\(sentence(.titleAdd))</h1>"))
        let nobody = try sentence(.nobody)
        for fact in ["sub-1", "Office 365", "Office Customer Portal", nobody] { #expect(text(first).contains(fact)) }
        #expect(try !text(first).contains(sentence(.hintRemove)))
        #expect(text(first).contains("name=\"seen\" value=\"0\""))

        let checked = try await post("seen=0&partner=+1234567+&action=check")
        #expect(checked.status == 200)
        #expect(text(checked).contains("<dd>One</dd>") && text(checked).contains("value=\"submit\""))
        #expect(try changes == 0)

        let saved = try await post("partner=1234567&program=usage&seen=0&action=submit")
        #expect(saved.status == 303 && saved.location == "\(link.path)?done=saved" && saved.html.isEmpty)
        let subscription = try #require(try office.subscription("sub-1"))
        #expect(
            subscription.association == PartnerOfRecord(partner: partner("1234567"), program: .usage, evidence: .digital))
        let change = try #require(try office.associations(of: "sub-1", limit: 1).first)
        #expect(change.origin == .customer && change.actor == "customer")

        let after = try await answer(question(query: "done=saved"))
        #expect(try text(after).contains("<h1>\(sentence(.titleEdit))</h1>") && text(after).contains(sentence(.saved)))
        #expect(text(after).contains("One (1234567)") && text(after).contains("value=\"1234567\""))
        #expect(try text(after).contains(sentence(.hintRemove)))

        let removed = try await post("seen=1&partner=+&action=check")
        #expect(removed.status == 303 && removed.location == "\(link.path)?done=removed")
        #expect(try office.subscription("sub-1")?.association == nil)
        #expect(try await text(answer(question(query: "done=removed"))).contains(sentence(.removed)))
        let lines = try office.accessLog(limit: 100).filter { $0.way == .link }.reversed()
        #expect(
            lines.map { "\($0.action.rawValue) \($0.what)" } == [
                "subscription-read sub-1", "partner-read sub-1, check of 1234567",
                "subscription-change sub-1, change 1: 1234567", "subscription-read sub-1",
                "subscription-change sub-1, change 2: 1234567 removed", "subscription-read sub-1",
            ])
        #expect(lines.allSatisfy { $0.who == "customer" && $0.address == "192.0.2.0" })
    }

    @Test("says that something was done only where it can be so, whatever the address says")
    func done() async throws {
        let saved = try sentence(.saved)
        for query in ["done=saved", "done=other", "done", "done=saved&x=1", ""] {
            #expect(try await !text(answer(question(query: query))).contains(saved))
        }
        try office.set("1234567")
        #expect(try await text(answer(question(query: "done=saved"))).contains(saved))
        #expect(try await !text(answer(question(query: "done=removed"))).contains(sentence(.removed)))
    }

    // MARK: IDs that can't be used

    @Test("says exactly why an ID can't be used and where to turn, and offers nothing to submit")
    func reasons() async throws {
        _ = try office.importPartners(
            csv: Array(
                """
                id,name,status,status_reason,valid_from,valid_to
                5,Five,suspended,no-agreement,,
                6,Six,suspended,requested,,
                7,Seven,suspended,fraud,,
                8,Eight,active,,2099-01-01,
                9,Nine,active,,,2016-01-31

                """.utf8), fileName: "p.csv", source: "p.csv", by: .anna, at: Moment.signup)
        let cases: [(String, CustomerSentence, [CustomerPlace: String], CustomerSentence?)] = [
            ("4567890", .lapsed, [.partner: "Four (4567890)"], .turnPartner),
            ("5", .noAgreement, [.partner: "Five (5)"], .turnPartner),
            ("6", .requested, [.partner: "Six (6)"], .turnPartner),
            ("7", .suspended, [.partner: "Seven (7)"], .turnPartner),
            ("8", .notYetValid, [.partner: "Eight (8)", .day: "2099-01-01"], .turnPartner),
            ("9", .noLongerValid, [.partner: "Nine (9)", .day: "2016-01-31"], .turnPartner),
            ("9999999999", .unknown, [.id: "9999999999"], .turnProvider),
            ("0123", .leadingZero, [:], .turnID), ("12345678901", .tooLong, [:], .turnID), ("12a", .notDigits, [:], .turnID),
            ("xxxxx", .placeholder, [:], .turnID), ("%FF", .notDigits, [:], .turnID), ("0", .missing, [:], nil),
            ("", .missing, [:], nil),
            ("5ab8d2a2-8bb6-4f4c-9c1c-0a4ba4ce0c6f", .guid, [:], .turnID),
        ]
        for (entered, reason, words, turn) in cases {
            let reply = try await post("seen=0&partner=\(entered)&action=check")
            #expect(reply.status == 200)
            #expect(try text(reply).contains(sentence(reason, words)), "\(entered)")
            if let turn { #expect(try text(reply).contains(sentence(turn)), "\(entered)") }
            #expect(text(reply).contains("aria-invalid=\"true\""))
            #expect(!text(reply).contains("value=\"submit\""), "\(entered)")
        }
        #expect(try await !text(post("seen=0&partner=7&action=check")).contains("fraud"))
        #expect(try changes == 0)
    }

    @Test("submits nobody who can't be used, though a form says so")
    func forged() async throws {
        let cases: [(String, Int, CustomerSentence)] = [
            ("4567890", 422, .lapsed), ("9999999999", 422, .unknown), ("2345678&program=sell", 422, .notEnrolled),
            ("x", 400, .unreadable), ("1234567&program=other", 400, .unreadable), ("1234567&partner=2345678", 400, .unreadable),
        ]
        for (partner, status, reason) in cases {
            let reply = try await post("partner=\(partner)&seen=0&action=submit")
            #expect(reply.status == status, "\(partner)")
            let words: [CustomerPlace: String] = [.partner: "Four (4567890)", .id: "9999999999"]
            #expect(try text(reply).contains(sentence(reason, words)), "\(partner)")
        }
        for form in ["", "action=check", "action=other&partner=1&seen=0", "action=submit&partner=1&seen=x", "%%%", "&&&"] {
            #expect(try await post(form).status == 400, "\(form)")
        }
        var other = question()
        other.isPost = true
        #expect(try await answer(other).status == 400)
        #expect(try changes == 0)
        let refusals = try office.accessLog(limit: 100).filter { $0.action == .subscriptionRefused }.map(\.what)
        #expect(refusals.contains("sub-1: unusable-partner") && refusals.contains("sub-1: not-enrolled"))
        #expect(refusals.contains("sub-1: unknown-partner") && refusals.contains("sub-1: not the page's form"))
    }

    @Test("offers a partner for the programs that it is enrolled in, and for no other")
    func programs() async throws {
        let both = text(try await post("seen=0&partner=1234567&action=check"))
        #expect(both.contains("value=\"sell\" checked") && both.contains("value=\"usage\">"))
        let one = text(try await post("seen=0&partner=2345678&action=check"))
        #expect(!one.contains("sell") && one.contains("type=\"hidden\" name=\"program\" value=\"usage\""))
        let none = text(try await post("seen=0&partner=3456789&action=check"))
        #expect(try !none.contains("name=\"program\"") && none.contains(sentence(.programNone)))
        #expect(try await post("seen=0&partner=3456789&action=submit").status == 303)
        #expect(try office.subscription("sub-1")?.association?.program == nil)
    }

    // MARK: Who else changes it

    @Test("writes nothing over what the customer has not seen, and shows it")
    func stale() async throws {
        try office.set("2345678")
        for form in ["partner=1234567&seen=0&action=submit", "partner=&seen=0&action=check"] {
            let reply = try await post(form)
            #expect(reply.status == 412)
            #expect(try text(reply).contains(sentence(.changed)) && text(reply).contains("Two (2345678)"))
        }
        #expect(try changes == 1)
        #expect(try office.accessLog(limit: 1).first?.what == "sub-1: changed-meanwhile")
    }

    @Test("is told of a change that comes between looking and writing")
    func race() async throws {
        let plain = PlainOffice(office) { try $0.set("2345678") }
        let reply = try await post("partner=1234567&seen=0&action=submit", try desk(plain))
        #expect(reply.status == 412 && text(reply).contains("Two (2345678)"))
        #expect(try changes == 1)
    }

    @Test("is not kept from it by what the provider tells meanwhile")
    func told() async throws {
        let plain = PlainOffice(office) { office in
            _ = try office.tell(.sample("e-2", seats: 6))
        }
        let reply = try await post("partner=1234567&seen=0&action=submit", try desk(plain))
        #expect(reply.status == 303)
        #expect(try office.subscription("sub-1")?.association?.partner == partner("1234567"))
    }

    @Test("has nothing to edit for a subscription that a syndicator sold, and says why")
    func syndicated() async throws {
        try office.tell(.sample("e-2", [.id: "sub-2", .channel: "syndicated"]))
        let other = try office.issueCustomerLink(to: "sub-2", days: 1, by: .anna, at: Moment.later)
        let page = try await answer(question(other.path))
        #expect(try page.status == 200 && text(page).contains(sentence(.syndicated)) && !text(page).contains("<form"))
        var forged = question(other.path)
        forged.isPost = true
        forged.form = Array("partner=1234567&seen=0&action=submit".utf8)
        let refused = try await answer(forged)
        #expect(try refused.status == 409 && text(refused).contains(sentence(.syndicatedTurn)))
        #expect(try office.subscription("sub-2")?.changes == 0)
        #expect(try office.accessLog(limit: 1).first?.what == "sub-2: syndicated")
    }
}

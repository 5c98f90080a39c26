import Attribution
import GRDB
import Office
import Testing

@testable import Subscriptions

@Suite("Customers' links")
struct CustomerLinkTests {
    private static let old = LinkKey(secret: "portercustomerkey_old")
    private static let new = LinkKey(secret: "portercustomerkey_new")
    private static let link = CustomerLink(subscription: "sub-1", expiry: 1_480_000_000)
    private static let inTime = Timestamp(microseconds: 1_480_000_000_999_999)

    private static func text(_ link: CustomerLink = Self.link, _ key: LinkKey = Self.new) -> [UInt8] {
        Array(link.path(signedWith: key).utf8.dropFirst("/s/".utf8.count))
    }

    private static func finding(
        _ text: [UInt8], _ keys: [LinkKey] = [Self.new], at time: Timestamp = Self.inTime
    ) -> CustomerLinkFinding {
        CustomerLinkFinding(text, keys: keys, at: time)
    }

    @Test("name their subscription and their end, and are signed")
    func shape() {
        let path = Self.link.path(signedWith: Self.new)
        #expect(path.hasPrefix("/s/c3ViLTE.1480000000."))
        #expect(path.utf8.count == "/s/c3ViLTE.1480000000.".utf8.count + 64)
        #expect(String(decoding: Self.link.message, as: UTF8.self) == "17:porter-customer-1,5:sub-1,10:1480000000,")
        #expect(Self.finding(Self.text()) == .valid(Self.link))
    }

    @Test("are none when any bit of them is another")
    func flippedBits() {
        let text = Self.text()
        for place in text.indices {
            for bit in 0..<8 as Range<UInt8> {
                var changed = text
                changed[place] ^= 1 << bit
                let found = Self.finding(changed)
                let shown = String(decoding: changed, as: UTF8.self)
                #expect(found == .wrong || found == .malformed, "bit \(bit) at \(place): \(shown)")
            }
        }
    }

    @Test("hold until the end of their last second")
    func ends() {
        let text = Self.text()
        #expect(Self.finding(text, at: Timestamp(microseconds: 0)) == .valid(Self.link))
        #expect(Self.finding(text, at: Timestamp(microseconds: 1_480_000_001_000_000)) == .expired(Self.link))
        #expect(Self.finding(text, [Self.old], at: Timestamp(microseconds: 1_480_000_001_000_000)) == .wrong)
    }

    @Test("are for one subscription and one end: the signature of one is none for another")
    func others() {
        let signature = Self.text().suffix(65)
        let other = Self.text(CustomerLink(subscription: "sub-2", expiry: Self.link.expiry)).dropLast(65)
        let later = Self.text(CustomerLink(subscription: "sub-1", expiry: Self.link.expiry + 1)).dropLast(65)
        for head in [other, later] { #expect(Self.finding(Array(head + signature)) == .wrong) }
    }

    @Test("hold by each key in force, and by no other")
    func keys() {
        let (byOld, byNew) = (Self.text(Self.link, Self.old), Self.text())
        #expect(Self.finding(byOld, [Self.old, Self.new]) == .valid(Self.link))
        #expect(Self.finding(byNew, [Self.old, Self.new]) == .valid(Self.link))
        #expect(Self.finding(byOld, [Self.new]) == .wrong)
        #expect(Self.finding(byNew, []) == .wrong)
        // A partner may know a key of links, and what it signs with it: none of that is a customer's link.
        #expect(Self.finding(byNew, [LinkKey(secret: "porterkey_new")]) == .wrong)
    }

    @Test(
        "are for any ID that the provider may have",
        arguments: ["a", "ab", "abc", "a/b?c=%2F#d", "..a", "~!$&'()*+,;=:@", String(repeating: "x", count: 100)])
    func ids(id: String) {
        let link = CustomerLink(subscription: id, expiry: CustomerLinkTests.link.expiry)
        let text = Self.text(link)
        #expect(Self.finding(text) == .valid(link))
        #expect(text.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-_.".utf8.contains($0) })
        #expect(text.count <= CustomerLinkFinding.maximumBytes)
    }

    @Test(
        "are not made up of other texts",
        arguments: [
            "", ".", "..", "...", "x", "c3ViLTE.1480000000", "c3ViLTE.1480000000.", ".1480000000.", "c3ViLTE=.1480000000.",
            "c3ViLTE.01480000000.", "c3ViLTF.1480000000.", "c3ViLTE.1480000000.\(String(repeating: "0", count: 64)).",
        ])
    func malformed(text: String) {
        let signature = String(repeating: "0", count: 64)
        #expect(Self.finding(Array(text.utf8)) == .malformed)
        if text.hasSuffix("."), !text.hasSuffix(signature + ".") {
            let whole = Self.finding(Array((text + signature).utf8))
            #expect(whole == .malformed || text == "c3ViLTE.1480000000.", "\(text)")
        }
        #expect(Self.finding([UInt8](repeating: UInt8(ascii: "a"), count: 8_000)) == .malformed)
    }
}

@Suite("Keys of customers' links")
struct CustomerKeyTests {
    private let office: Office

    init() throws {
        office = try Office.withPartners()
        try office.tell(.sample("e-1"))
    }

    private static func at(day: Int) -> Timestamp {
        Timestamp(microseconds: Moment.later.microseconds + Int64(day) * Timestamp.microsecondsPerDay)
    }

    private func issue(days: Int = 90, day: Int = 0) throws -> IssuedCustomerLink {
        try office.issueCustomerLink(to: "sub-1", days: days, by: .anna, at: Self.at(day: day))
    }

    private func finding(_ link: IssuedCustomerLink, at time: Timestamp) throws -> CustomerLinkFinding {
        CustomerLinkFinding(Array(link.path.utf8.dropFirst(3)), keys: try office.customerKeys(), at: time)
    }

    /// How many keys the file still holds.
    private var secrets: Int? {
        get throws {
            try office.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM customer_key WHERE secret IS NOT NULL") }
        }
    }

    private static func valid(_ link: IssuedCustomerLink) -> CustomerLinkFinding {
        .valid(CustomerLink(subscription: "sub-1", expiry: link.expiresAt.seconds))
    }

    @Test("come with the first link, and the access log names link and end, and nothing that one could use")
    func first() throws {
        #expect(try office.customerKeys().isEmpty)
        let link = try issue(days: 30)
        #expect(link.subscription == "sub-1" && link.expiresAt == Self.at(day: 30))
        #expect(try finding(link, at: Moment.later) == Self.valid(link))
        let line = try #require(try office.accessLog(limit: 1).first)
        #expect(line.action == .subscriptionLink && line.who == "anna")
        #expect(line.what == "sub-1, until 2016-12-05T08:00:00.000000Z")
        _ = try issue()
        #expect(try office.customerKeys().count == 1)
    }

    @Test("come and go by themselves: no link ends before its time, none holds after it, and two keys are in force at most")
    func rotation() throws {
        var links: [IssuedCustomerLink] = []
        for day in stride(from: 0, through: 720, by: 9) {
            let now = Self.at(day: day)
            links.append(try issue(day: day))
            #expect(try office.customerKeys().count <= LinkKey.mostInForce)
            for link in links {
                let found = try finding(link, at: now)
                if link.expiresAt >= now {
                    #expect(found == Self.valid(link))
                } else {
                    // Of one that ended long ago nobody knows any more that it was one.
                    let ended = CustomerLink(subscription: "sub-1", expiry: link.expiresAt.seconds)
                    #expect(found == .wrong || found == .expired(ended))
                }
            }
        }
        #expect(try office.customerKeys().count == 2)
        #expect(try secrets == 2)
    }

    @Test("can be forgotten at once, and with them every link; what is made afterwards holds")
    func ending() throws {
        let link = try issue()
        try office.endCustomerLinks(by: .anna, at: Self.at(day: 1))
        #expect(try finding(link, at: Self.at(day: 1)) == .wrong)
        #expect(try secrets == 0)
        let line = try #require(try office.accessLog(limit: 1).first)
        #expect(line.action == .subscriptionLinksEnd && line.what == "all ended")
        let next = try issue(day: 1)
        #expect(try finding(next, at: Self.at(day: 1)) == Self.valid(next))
    }

    @Test("sign for subscriptions that there are, and for 1 to 90 days")
    func refusals() throws {
        #expect(throws: SubscriptionRefusal.unknown("sub-9")) {
            try office.issueCustomerLink(to: "sub-9", days: 1, by: .anna, at: Moment.later)
        }
        for days in [-1, 0, 91, .max] {
            let refusal = #expect(throws: SubscriptionRefusal.self) { try issue(days: days) }
            #expect(refusal?.code == "invalid-subscription")
        }
        #expect(try office.customerKeys().isEmpty)
    }
}

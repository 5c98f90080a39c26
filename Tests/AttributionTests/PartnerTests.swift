import Attribution
import Testing

@Suite struct PartnerTests {
    @Test("one to ten digits without a leading zero are an ID", arguments: ["1", "10", "565380", "9999999999"])
    func ids(text: String) {
        #expect(PartnerID(text)?.description == text)
    }

    @Test("anything else is none", arguments: ["", "0", "01", "10000000000", "-1", "+1", "1 ", "1a", "１", "1\u{301}"])
    func noIDs(text: String) {
        #expect(PartnerID(text) == nil)
    }

    @Test("IDs are ordered by number, and numbers have the same bounds")
    func numbers() throws {
        #expect(try #require(PartnerID("9")) < #require(PartnerID("10")))
        #expect(PartnerID(0 as UInt64) == nil)
        #expect(PartnerID(10_000_000_000 as UInt64) == nil)
        #expect(PartnerID(9_999_999_999 as UInt64)?.description == "9999999999")
    }

    /// From 2016-02-29 to 2016-03-01.
    static let moments: [(text: String, reason: Reason?)] = [
        ("2016-02-28T23:59:59.999999Z", .notYetValid), ("2016-02-29T00:00:00Z", nil), ("2016-02-29T12:00:00Z", nil),
        ("2016-03-01T00:00:00Z", nil), ("2016-03-01T23:59:59.999999Z", nil), ("2016-03-02T00:00:00Z", .noLongerValid),
    ]

    @Test("a partner is valid from the first moment of its first day to the last of its last", arguments: moments)
    func bounds(text: String, reason: Reason?) throws {
        let time = try #require(Timestamp(rfc3339: text))
        let standing = PartnerStanding(validFrom: CalendarDay("2016-02-29"), validTo: CalendarDay("2016-03-01"))
        #expect(standing.outcome(at: time) == (reason == nil ? .attributed : .expired, reason))
        let open = PartnerStanding(status: .test)
        #expect(open.outcome(at: time) == (.attributed, nil))
        let suspended = PartnerStanding(status: .suspended, statusReason: .fraud, validTo: CalendarDay("2016-01-01"))
        #expect(suspended.outcome(at: time) == (.suspended, .fraud))
    }

    @Test("bounds that lie the wrong way round leave no valid moment")
    func reversedBounds() throws {
        let standing = PartnerStanding(validFrom: CalendarDay("2016-03-02"), validTo: CalendarDay("2016-03-01"))
        for text in ["2016-02-29T00:00:00Z", "2016-03-01T12:00:00Z", "2016-03-02T12:00:00Z", "2016-03-03T12:00:00Z"] {
            #expect(standing.outcome(at: try #require(Timestamp(rfc3339: text))).outcome == .expired)
        }
    }
}

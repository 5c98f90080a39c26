internal import Attribution
internal import Foundation

/// Which campaigns are counted by their names: on each UTC day the first thousand that the ledger has, in the order of `seq`.
///
/// A visitor can put anything into the URL that the route's pattern lets through; without a bound the counters could be
/// flooded. As the order of `seq` decides, a recount comes to the same names.
package struct CampaignDays: Sendable {
    package static let maximumPerDay = 1_000
    /// What the campaigns beyond the bound are counted as. A campaign of this very name takes none of the places.
    package static let other = "other"
    /// Days whose names stay in memory: today's, and those of a clock that steps back.
    private static let maximumDaysInMemory = 4

    /// Campaigns that are canonically equivalent are one (Unicode, UAX #15), in Normalization Form C: texts that are the same to
    /// Swift must be the same bytes in the counters, or a recount could come to other lines. The record has what was sent.
    ///
    /// Nor does a text go into the counters or the index that SQLite would be given up to its first NUL: two campaigns that are
    /// the same as far as that would be one key. Log and counts compare by this, so that they agree.
    static func canonical(_ campaign: String) -> String {
        let isPlain = campaign.utf8.allSatisfy { $0 != 0 && $0 < 0x80 }
        return isPlain ? campaign : campaign.replacing("\0", with: "\u{FFFD}").precomposedStringWithCanonicalMapping
    }

    private var namesByDay: [CalendarDay: Set<String>] = [:]

    package init() {}

    func knows(_ day: CalendarDay) -> Bool { namesByDay[day] != nil }

    /// Takes the names that the ledger's counters already have for a day.
    mutating func learn(_ names: Set<String>, of day: CalendarDay) {
        namesByDay[day] = names.subtracting(["", Self.other])
    }

    /// The name under which a record of that day is counted. The day's names must have been learned.
    mutating func counted(_ campaign: String, on day: CalendarDay) -> String {
        let campaign = Self.canonical(campaign)
        if campaign.isEmpty || campaign == Self.other { return campaign }
        precondition(knows(day))
        if namesByDay[day]!.contains(campaign) { return campaign }
        guard namesByDay[day]!.count < Self.maximumPerDay else { return Self.other }
        namesByDay[day]!.insert(campaign)
        return campaign
    }

    /// Forgets the days that are least likely to be asked for again: the earliest.
    mutating func trim() {
        while namesByDay.count > Self.maximumDaysInMemory, let earliest = namesByDay.keys.min() {
            namesByDay[earliest] = nil
        }
    }
}

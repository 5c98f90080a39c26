internal import Attribution
import Foundation
internal import GRDB

/// The same counts as ``CountMoment``'s, taken from the archive as far as it reaches.
struct ArchivedMoment {
    private let moment: CountMoment
    private let archive: Database
    private let days: [ArchivedDays.Day]
    private let open: OpenCounters
    /// Kept from question to question.
    private var numbers: ValueNumbers
    private var periods: [PeriodKey: PeriodNumbers] = [:]

    private struct PeriodKey: Hashable {
        let zone: TimeZone
        let dimensions: [CountDimension]
    }

    /// - Parameter numbers: of all of the archive's values.
    init(
        _ moment: CountMoment, _ archive: Database, _ numbers: ValueNumbers, mostOpenRows: Int = OpenCounters.mostRows
    ) throws {
        self.moment = moment
        self.archive = archive
        self.numbers = numbers
        days = try ArchivedDays(archive, ledger: moment.database).days
        open = try OpenCounters(moment, behind: days.last, mostRows: mostOpenRows, &self.numbers)
    }

    /// - Returns: nil when the archive can't answer.
    mutating func counts(_ query: CountQuery) throws -> CountTable? {
        guard !query.readsPlaces else { return nil }
        let range = query.range
        let used = days.filter { range.overlaps($0.quarterHours) }
        let key = PeriodKey(zone: query.periods.timeZone, dimensions: query.dimensions.filter(\.isPeriod))
        var periods = periods[key] ?? PeriodNumbers(query.periods, key.dimensions)
        var counts = ArchivedCounts(query)
        let others = range.subtracting((used.map(\.quarterHours) + [open.range]).filter { range.overlaps($0) })
        try query.forEachCounter(moment.database, in: others) { try counts.add($0, bucket: $1, $2, &numbers, &periods) }
        let sums = try counts.sums(of: used, open.days, numbers, &periods, archive)
        self.periods[key] = periods
        return sums.flatMap { CountTable(query, $0, numbers, periods, hasAdjustments: moment.hasAdjustments) }
    }
}

extension Range<Int64> {
    /// What is left without some others, which ascend and overlap it.
    fileprivate func subtracting(_ others: [Range<Int64>]) -> [Range<Int64>] {
        var rest: [Range<Int64>] = []
        var start = lowerBound
        for other in others {
            if other.lowerBound > start { rest.append(start..<other.lowerBound) }
            start = Swift.max(start, other.upperBound)
        }
        if start < upperBound { rest.append(start..<upperBound) }
        return rest
    }
}

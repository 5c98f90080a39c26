internal import Attribution

/// The periods that quarter hours belong to, as numbers. Time zones are slow to ask, and a quarter of a year has thousands of
/// quarter hours.
struct PeriodNumbers {
    private let periods: CountPeriods
    private let dimensions: [CountDimension]
    /// By number, then by dimension.
    private(set) var labels: [[String]] = []
    /// The first quarter hour of each number that was met.
    private(set) var starts: [QuarterHour] = []
    private var numbers: [[String]: UInt32] = [:]
    private var days: [CalendarDay: [UInt32]] = [:]

    private static let hourSeconds: Int64 = 3_600
    private static let daySeconds: Int64 = 86_400

    /// - Parameter dimensions: those of a query that are periods, in its order. None: everything is one period.
    init(_ periods: CountPeriods, _ dimensions: [CountDimension]) {
        self.periods = periods
        self.dimensions = dimensions
    }

    /// - Throws: ``CountQueryError/offQuarterHours(zone:day:)``
    mutating func number(of bucket: QuarterHour) throws(CountQueryError) -> UInt32 {
        let day = bucket.day
        return try numbers(of: day)[Int(bucket.number - QuarterHour(containing: day.start).number)]
    }

    /// The numbers of a UTC day's quarter hours.
    ///
    /// - Throws: ``CountQueryError/offQuarterHours(zone:day:)``
    mutating func numbers(of day: CalendarDay) throws(CountQueryError) -> [UInt32] {
        if let known = days[day] { return known }
        let first = QuarterHour(containing: day.start)
        let last = QuarterHour(number: first.number + QuarterHour.perDay - 1)
        let offset = Int64(periods.offsetSeconds(at: first.start))
        let isSteady = offset == Int64(periods.offsetSeconds(at: last.start))
        let unit = dimensions.contains(.hour) ? Self.hourSeconds : Self.daySeconds
        var made: [UInt32] = []
        for number in first.number...last.number {
            let bucket = QuarterHour(number: number)
            // On most days clocks go on: then periods begin where hours or days do.
            if isSteady, let same = made.last, (bucket.start.seconds + offset) % unit != 0 {
                made.append(same)
            } else {
                try periods.requireQuarterHours(at: bucket)
                made.append(newNumber(of: bucket))
            }
        }
        days[day] = made
        return made
    }

    private mutating func newNumber(of bucket: QuarterHour) -> UInt32 {
        let label = dimensions.map { periods.label($0, of: bucket) }
        if let known = numbers[label] {
            starts[Int(known)] = min(starts[Int(known)], bucket)
            return known
        }
        let number = UInt32(labels.count)
        numbers[label] = number
        labels.append(label)
        starts.append(bucket)
        return number
    }
}

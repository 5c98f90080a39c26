internal import Attribution
package import Foundation

extension CountQuery {
    /// Reads a question to the counters from texts.
    ///
    /// - Parameters:
    ///   - by: dimensions separated by commas.
    ///   - since: a day of the zone or a full quarter hour; nil: from the beginning.
    ///   - until: a day, which counts as a whole, or a full quarter hour.
    ///   - timezone: a name of the tz database.
    ///   - filters: values by dimension.
    package static func read(
        by: String, since: String?, until: String?, timezone: String, filters: [(name: String, value: String)] = []
    ) throws(QuestionFault) -> CountQuery {
        var dimensions: [CountDimension] = []
        for name in by.split(separator: ",") {
            let dimension = try dimension(name.trimmingCharacters(in: .whitespaces), in: "by")
            guard !dimensions.contains(dimension) else { throw QuestionFault("by", "names a dimension twice; name each once") }
            dimensions.append(dimension)
        }
        guard !dimensions.isEmpty else { throw QuestionFault("by", "names nothing; name a dimension, such as outcome") }
        let zone = try zone(timezone)
        let periods = CountPeriods(timeZone: zone)
        let first = try quarterHour(since, of: "since") { periods.start(of: $0) }
        let end = try quarterHour(until, of: "until") { periods.start(of: $0.next) }
        if let first, let end, end <= first {
            throw QuestionFault("until", "lies before the time given as since; turn them round")
        }
        var countFilters: [CountFilter] = []
        for (name, value) in filters {
            let dimension = try dimension(name, in: "filter")
            guard !dimension.isPeriod, !dimension.isPlace else {
                throw QuestionFault(name, "can't be filtered by; give since and until, or ask by \(name)")
            }
            countFilters.append(CountFilter(dimension, value))
        }
        do {
            return try CountQuery(dimensions: dimensions, filters: countFilters, since: first, until: end, timeZone: zone)
        } catch {
            throw QuestionFault("", error.description)
        }
    }

    private static func dimension(_ name: String, in part: String) throws(QuestionFault) -> CountDimension {
        guard let dimension = CountDimension(rawValue: name) else {
            let known = CountDimension.allCases.map(\.rawValue).joined(separator: ", ")
            throw QuestionFault(part, "has \"\(TerminalText.escaped(name))\", expected some of \(known)")
        }
        return dimension
    }

    /// Foundation also takes offsets, `GMT+05:07`, most of which do not fit the quarter hours that sign-ups are counted by, and
    /// whose sign is the opposite of that in `Etc/GMT+5`: only names are accepted.
    package static func zone(_ name: String) throws(QuestionFault) -> TimeZone {
        guard let zone = TimeZone(identifier: name), !["GMT+", "GMT-"].contains(where: zone.identifier.hasPrefix) else {
            throw QuestionFault("timezone", is: name, expected: "a name of the tz database such as Europe/Paris")
        }
        return zone
    }

    private static func quarterHour(
        _ text: String?, of part: String, day: (CalendarDay) -> QuarterHour
    ) throws(QuestionFault) -> QuarterHour? {
        guard let text else { return nil }
        if let wanted = CalendarDay(text) { return day(wanted) }
        guard let time = Timestamp(rfc3339: text) else {
            throw QuestionFault(
                part, is: text, expected: "a day such as 2016-10-03 or a time such as 2016-10-03T08:15:00Z")
        }
        guard let bucket = QuarterHour(startingAt: time) else {
            throw QuestionFault(part, "is \(text), expected a full quarter hour: sign-ups are counted by those")
        }
        return bucket
    }
}

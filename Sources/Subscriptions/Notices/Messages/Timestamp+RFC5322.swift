import Attribution

extension Timestamp {
    /// As a message's Date has it, in UTC (RFC 5322 section 3.3): `Mon, 03 Oct 2016 08:09:10 +0000`.
    var rfc5322: String {
        let (year, month, dayOfMonth) = day.civil
        let second = Int(seconds - day.start.seconds)
        // 1970-01-01 was a Thursday.
        let weekday = ((day.daysSinceEpoch % 7) + 7 + 4) % 7
        let clock = [second / 3_600, second / 60 % 60, second % 60].map(Self.twoDigits).joined(separator: ":")
        return "\(Self.weekdays[weekday]), \(Self.twoDigits(dayOfMonth)) \(Self.months[month - 1]) \(year) \(clock) +0000"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

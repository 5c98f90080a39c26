import Attribution

extension Timestamp {
    private static let dayNames: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let monthNames: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// IMF-fixdate, as in the field `Date` (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    var httpDate: [UInt8] {
        let day = self.day
        let (year, month, dayOfMonth) = day.civil
        let secondsIntoDay = Int(seconds - day.start.seconds)
        // Day 0 was a Thursday; the remainder of a day before it is negative.
        let weekday = (day.daysSinceEpoch % 7 + 7) % 7
        var bytes: [UInt8] = []
        bytes.reserveCapacity(29)
        bytes += Self.dayNames[weekday].bytes
        bytes += ", ".utf8
        bytes.appendDecimal(dayOfMonth, width: 2)
        bytes.append(UInt8(ascii: " "))
        bytes += Self.monthNames[month - 1].bytes
        bytes.append(UInt8(ascii: " "))
        bytes.appendDecimal(year, width: 4)
        bytes.append(UInt8(ascii: " "))
        bytes.appendDecimal(secondsIntoDay / 3_600, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(secondsIntoDay / 60 % 60, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(secondsIntoDay % 60, width: 2)
        bytes += " GMT".utf8
        return bytes
    }
}

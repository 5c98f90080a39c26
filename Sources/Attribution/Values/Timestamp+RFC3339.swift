extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with exactly six fraction digits: `2016-10-03T08:09:10.000123Z` (section 5.6).
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.textLength)
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Characters of the text form.
    private static let textLength = 27

    /// The moments that RFC 3339's four-digit years can write.
    private static let writable = CalendarDay(year: 0, month: 1, day: 1).start..<CalendarDay(year: 10_000, month: 1, day: 1).start

    /// Appends what ``description`` says, without making a String: the hot path writes records with it. A moment outside the
    /// years 0 to 9999, which no clock tells, is written as the nearest that is within.
    package func appendRFC3339(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: Self.textLength) { appendRFC3339(to: &$0) }
    }

    /// The same: 27 bytes.
    func appendRFC3339(to text: inout OutputSpan<UInt8>) {
        let moment = min(max(microseconds, Self.writable.lowerBound.microseconds), Self.writable.upperBound.microseconds - 1)
        let day = Timestamp(microseconds: moment).day
        let (year, month, dayOfMonth) = day.civil
        let intoDay = Int(moment - Int64(day.daysSinceEpoch) * Self.microsecondsPerDay)
        let (second, fraction) = intoDay.quotientAndRemainder(dividingBy: Int(Self.microsecondsPerSecond))
        text.appendTwoDigits(year / 100)
        text.appendTwoDigits(year % 100)
        text.append(UInt8(ascii: "-"))
        text.appendTwoDigits(month)
        text.append(UInt8(ascii: "-"))
        text.appendTwoDigits(dayOfMonth)
        text.append(UInt8(ascii: "T"))
        text.appendTwoDigits(second / 3_600)
        text.append(UInt8(ascii: ":"))
        text.appendTwoDigits(second / 60 % 60)
        text.append(UInt8(ascii: ":"))
        text.appendTwoDigits(second % 60)
        text.append(UInt8(ascii: "."))
        text.appendTwoDigits(fraction / 10_000)
        text.appendTwoDigits(fraction / 100 % 100)
        text.appendTwoDigits(fraction % 100)
        text.append(UInt8(ascii: "Z"))
    }

    /// Reads an RFC 3339 date and time (any offset, up to nine fraction digits, cut to six), or a date alone, which means its
    /// first moment in UTC. Anything else, a day that the calendar does not have, and a moment whose year in UTC has not four
    /// digits are nil.
    package init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        guard let day = CalendarDay(Array(rest.prefix(10))) else { return nil }
        let midnight = Int64(day.daysSinceEpoch) * Self.microsecondsPerDay
        rest = rest.dropFirst(10)
        if rest.isEmpty {
            self.init(microseconds: midnight)
            return
        }
        guard let separator = rest.popFirst(), [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(separator),
            let hour = rest.takeDecimal(width: 2), hour < 24, rest.take(UInt8(ascii: ":")),
            let minute = rest.takeDecimal(width: 2), minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        if rest.take(UInt8(ascii: ":")) {
            guard let value = rest.takeDecimal(width: 2), value < 60 else { return nil }
            second = value
            if rest.take(UInt8(ascii: ".")) {
                let digits = rest.prefix { $0.isASCIIDigit }
                guard (1...9).contains(digits.count) else { return nil }
                for position in 0..<6 {
                    let digit = position < digits.count ? Int(digits[digits.startIndex + position] - UInt8(ascii: "0")) : 0
                    fraction = fraction * 10 + digit
                }
                rest = rest.dropFirst(digits.count)
            }
        }
        guard let offsetMinutes = Self.takeOffset(from: &rest), rest.isEmpty else { return nil }
        let seconds = Int64(hour * 3_600 + minute * 60 + second - offsetMinutes * 60)
        self.init(microseconds: midnight + seconds * Self.microsecondsPerSecond + Int64(fraction))
        guard Self.writable.contains(self) else { return nil }
    }

    /// `Z` or `±HH:MM`, in minutes east of UTC.
    private static func takeOffset(from rest: inout ArraySlice<UInt8>) -> Int? {
        if rest.take(UInt8(ascii: "Z")) || rest.take(UInt8(ascii: "z")) { return 0 }
        let sign: Int
        if rest.take(UInt8(ascii: "+")) {
            sign = 1
        } else if rest.take(UInt8(ascii: "-")) {
            sign = -1
        } else {
            return nil
        }
        guard let hours = rest.takeDecimal(width: 2), hours < 24, rest.take(UInt8(ascii: ":")),
            let minutes = rest.takeDecimal(width: 2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

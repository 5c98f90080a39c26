import Attribution
import SeededRandomness
import Testing

@Suite struct TimestampTests {
    /// Text, and microseconds since the epoch.
    static let texts: [(text: String, microseconds: Int64)] = [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01", 0),
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01 00:00:00z", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T00:00:00.1Z", 100_000),
        ("1970-01-01T00:00:00.123456789Z", 123_456),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T18:30:00-05:30", 0),
        ("1970-01-01T00:00:00-00:00", 0),
        ("2000-02-29T12:00:00Z", 951_825_600_000_000),
        ("2016-10-03T08:09:10.123456Z", 1_475_482_150_123_456),
        ("2038-01-19T03:14:08Z", 2_147_483_648_000_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ]

    @Test("RFC 3339 is read", arguments: texts)
    func reading(text: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(
        "what is no moment is not read",
        arguments: [
            "", "2016", "2016-10", "2016-10-03T", "2016-10-03T08", "2016-10-03T08:09", "2016-10-03T08:09:10",
            "2016-10-03T24:00:00Z",
            "2016-10-03T08:60:00Z", "2016-10-03T08:09:60Z", "2016-10-03T08:09:10.Z", "2016-10-03T08:09:10.1234567890Z",
            "2016-10-03T08:09:10,5Z", "2016-10-03T08:09:10+0100", "2016-10-03T08:09:10+24:00", "2016-10-03T08:09:10+01:60",
            "2016-10-03T08:09:10Zx", "2016-10-03X08:09:10Z", "2015-02-29T00:00:00Z", "2016-02-30T00:00:00Z",
            "2016-13-01T00:00:00Z",
            "2016-00-01T00:00:00Z", "2016-01-00T00:00:00Z", " 2016-10-03T08:09:10Z", "２016-10-03T08:09:10Z",
            // Their years in UTC have not four digits.
            "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
        ])
    func nonsense(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("moments are written with six fraction digits in UTC, and read back")
    func roundTrip() {
        #expect(Timestamp(microseconds: 123).description == "1970-01-01T00:00:00.000123Z")
        #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
        #expect(Timestamp(microseconds: 951_782_400_000_000).description == "2000-02-29T00:00:00.000000Z")
        var generator = SplitMix64(seed: 31)
        for _ in 0..<2_000 {
            let moment = Timestamp(
                microseconds: .random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &generator))
            #expect(Timestamp(rfc3339: moment.description) == moment, "\(moment.microseconds)")
        }
    }

    @Test("moments beyond four-digit years are written as the nearest that has one")
    func extremes() {
        #expect(Timestamp(microseconds: .min).description == "0000-01-01T00:00:00.000000Z")
        #expect(Timestamp(microseconds: .max).description == "9999-12-31T23:59:59.999999Z")
    }

    @Test("days, seconds and milliseconds are rounded down")
    func rounding() {
        let before = Timestamp(microseconds: -1)
        #expect(before.milliseconds == -1)
        #expect(before.seconds == -1)
        #expect(before.day == CalendarDay("1969-12-31"))
        #expect(Timestamp(microseconds: 86_399_999_999).day == CalendarDay("1970-01-01"))
        #expect(Timestamp(microseconds: 86_400_000_000).day == CalendarDay("1970-01-02"))
    }
}

@Suite struct CalendarDayTests {
    @Test("a day that four digits can't write is written as the nearest that is within")
    func beyondFourDigits() throws {
        let first = try #require(CalendarDay("0000-01-01"))
        #expect(CalendarDay(daysSinceEpoch: first.daysSinceEpoch - 5).description == "0000-01-01")
        #expect(CalendarDay(daysSinceEpoch: 10_000_000).description == "9999-12-31")
        #expect(try #require(CalendarMonth("0000-01")).previous.description == "0000-01")
    }

    @Test(
        "days are counted from 1970",
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017), ("1900-02-28", -25_509),
            ("1900-03-01", -25_508), ("2016-12-31", 17_166), ("0000-03-01", -719_468), ("0000-02-29", -719_469),
            ("9999-12-31", 2_932_896),
        ])
    func counting(text: String, days: Int) throws {
        let day = try #require(CalendarDay(text))
        #expect(day.daysSinceEpoch == days)
        #expect(day.description == text)
    }

    @Test(
        "days that the calendar does not have are none",
        arguments: [
            "1900-02-29", "2015-02-29", "2016-02-30", "2016-04-31", "2016-13-01", "2016-00-10", "2016-01-00", "2016-01-32",
            "2016-1-1",
            "16-01-01", "2016/01/01", "2016-01-01 ", "20160101", "", "+016-01-01", "2016-01-0a", "２０１６-01-01",
        ])
    func impossible(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test("a year's days follow each other without gaps, leap years and centuries included")
    func succession() throws {
        for year in [1600, 1700, 1900, 1999, 2000, 2016, 2100] {
            var day = CalendarDay(year: year, month: 1, day: 1)
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in zip(1..., [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
                for dayOfMonth in 1...length {
                    #expect(day.civil == (year, month, dayOfMonth))
                    #expect(day == CalendarDay(year: year, month: month, day: dayOfMonth))
                    day = day.next
                }
            }
        }
    }
}

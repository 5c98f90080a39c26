import Attribution
import Foundation

/// How numbers and times are written for one reader.
struct PageFormat: Sendable {
    let language: PageLanguage
    let timeZone: TimeZone

    /// The zone's name; the system's name for UTC is the older one.
    var zoneName: String { Self.name(of: timeZone) }

    static func name(of zone: TimeZone) -> String { zone.identifier == "GMT" ? "UTC" : zone.identifier }

    /// `12,345`, in French `12 345` with a narrow space that does not break.
    func number(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var grouped = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { grouped += language == .french ? "\u{202F}" : "," }
            grouped.append(digit)
        }
        return (number < 0 ? "−" : "") + grouped
    }

    /// `12.3 %`; a dash when there is nothing to divide by.
    func share(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0 else { return "–" }
        let tenths = (Double(part) / Double(whole) * 1_000).rounded()
        let sign = tenths < 0 ? "−" : ""
        let magnitude = Int64(abs(tenths))
        let point = language == .french ? "," : "."
        return "\(sign)\(number(magnitude / 10))\(point)\(magnitude % 10)\(language == .french ? "\u{202F}%" : "%")"
    }

    /// A number that is written already, with a plus unless it has a minus.
    func signed(_ number: String) -> String { number.hasPrefix("−") ? number : "+" + number }

    /// By how many percentage points a share differs from another: `+1.3 pp`; a dash when there is nothing to compare with.
    func points(_ now: (part: Int64, whole: Int64), against then: (part: Int64, whole: Int64)) -> String {
        guard now.whole > 0, then.whole > 0 else { return "–" }
        let difference = Double(now.part) / Double(now.whole) - Double(then.part) / Double(then.whole)
        let tenths = Int64((difference * 1_000).rounded())
        let point = language == .french ? "," : "."
        let unit = language == .french ? "\u{202F}pt" : "\u{202F}pp"
        return "\(tenths < 0 ? "−" : "+")\(number(abs(tenths) / 10))\(point)\(abs(tenths) % 10)\(unit)"
    }

    /// `2026-11-22 14:03:05` in the reader's zone.
    func time(_ time: Timestamp) -> String {
        let local = Timestamp(microseconds: time.microseconds + offsetMicroseconds(at: time))
        return String(local.description.prefix(19)).replacing("T", with: " ")
    }

    /// `14:03:05` in the reader's zone.
    func clock(_ time: Timestamp) -> String { String(self.time(time).suffix(8)) }

    /// The day in the reader's zone, `2026-11-22`.
    func day(of time: Timestamp) -> CalendarDay {
        Timestamp(microseconds: time.microseconds + offsetMicroseconds(at: time)).day
    }

    /// The same moment in UTC, for the title of an element.
    func utc(_ time: Timestamp) -> String {
        String(time.description.prefix(19)).replacing("T", with: " ") + " UTC"
    }

    private func offsetMicroseconds(at time: Timestamp) -> Int64 {
        Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.seconds))))
            * Timestamp.microsecondsPerSecond
    }
}

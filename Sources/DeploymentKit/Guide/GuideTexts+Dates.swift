import Attribution
import Foundation

extension GuideTexts {
    /// A day as the language writes it: `3 octobre 2016`, `2016年10月3日`. Days are of UTC, as everything is judged in.
    func words(for day: CalendarDay) -> String {
        let style = Date.FormatStyle(
            date: .long, time: .omitted, locale: Locale(identifier: language.tag), calendar: Calendar(identifier: .gregorian),
            timeZone: .gmt)
        return style.format(Date(timeIntervalSince1970: TimeInterval(day.start.seconds)))
    }
}

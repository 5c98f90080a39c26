import Attribution
import Ledger

/// A moment on the command line: RFC 3339, or a day.
enum LogTime {
    /// The first moment that is wanted.
    static func since(_ text: String?) throws -> Timestamp? {
        try text.map { try moment($0, option: "--since") }
    }

    /// The first moment that is not wanted any more. A day is wanted as a whole: its end is what a person means.
    static func until(_ text: String?) throws -> Timestamp? {
        try text.map { try CalendarDay($0)?.next.start ?? moment($0, option: "--until") }
    }

    private static func moment(_ text: String, option: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else {
            throw CommandFailure(
                message: "\(option) is \"\(TerminalText.escaped(text))\", "
                    + "expected a day such as 2016-10-03 or a time such as 2016-10-03T08:00:00Z",
                exitCode: CommandFailure.badRequest)
        }
        return time
    }
}

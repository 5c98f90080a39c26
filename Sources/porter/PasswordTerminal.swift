import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal that a command was started from, for what must not be seen while it is typed.
struct PasswordTerminal {
    /// nil when standard input is no terminal: a program gives the password then.
    init?() {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
    }

    /// Asks one question after the other, and gives the answers in this order.
    ///
    /// The terminal shows nothing from before the first question until after the last answer: who types or pastes as soon as a
    /// question is there is not seen, and nothing of it is lost.
    func ask(_ questions: String...) throws -> [String] {
        var usual = termios()
        tcgetattr(STDIN_FILENO, &usual)
        var silent = usual
        silent.c_lflag &= ~tcflag_t(ECHO)
        // What was typed before any question is no answer to it.
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &usual) }
        return try questions.map { question in
            // On standard error, so that standard output stays what the command prints.
            StandardStream.error.write(question)
            defer { StandardStream.error.write("\n") }
            guard let line = readLine() else {
                throw CommandFailure(message: "no password was given", exitCode: CommandFailure.badRequest)
            }
            return line
        }
    }
}

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

    /// Asks on standard error, so that standard output stays what the command prints.
    func ask(_ prompt: String) throws -> String {
        StandardStream.error.write(prompt)
        var usual = termios()
        tcgetattr(STDIN_FILENO, &usual)
        var silent = usual
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
            StandardStream.error.write("\n")
        }
        guard let line = readLine() else {
            throw CommandFailure(message: "no password was given", exitCode: CommandFailure.badRequest)
        }
        return line
    }
}

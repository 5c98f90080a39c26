import Foundation

/// The mail system's `sendmail`, as postfix, msmtp, opensmtpd, exim and sendmail itself provide it: it takes a message on its standard
/// input, its recipients from the headers (`-t`), and a line with a dot alone as text (`-i`).
package struct SendmailProgram: MailTransport {
    let path: String
    /// Where the mail system reports what it could not deliver (`-f`); nil: to the system's user.
    let envelopeSender: MailAddress?
    let limit: Duration

    package static let usualPath = "/usr/sbin/sendmail"
    /// What only writes into a queue takes a moment; what speaks to a server of others may have to wait for it.
    package static let usualLimit = Duration.seconds(120)

    package init(path: String = usualPath, envelopeSender: MailAddress?, limit: Duration = usualLimit) {
        self.path = path
        self.envelopeSender = envelopeSender
        self.limit = limit
    }

    package func hand(_ message: [UInt8]) async throws(MailRefusal) {
        let sender = envelopeSender.map { ["-f", $0.description] } ?? []
        let program = ChildProgram(path: path, arguments: ["-t", "-i"] + sender, limit: limit)
        let stop = StopSign()
        let refusal: MailRefusal? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It blocks for as long as the program runs: no thread of the tasks' own.
                Thread.detachNewThread { continuation.resume(returning: attempt(program, message, stop)) }
            }
        } onCancel: {
            stop.raise()
        }
        if let refusal { throw refusal }
    }

    /// - Returns: nil when the message was taken.
    private func attempt(_ program: ChildProgram, _ message: [UInt8], _ stop: StopSign) -> MailRefusal? {
        do throws(ChildProgram.Failure) {
            let outcome = try program.run(input: message, until: stop)
            let said = outcome.output.isEmpty ? "" : ": \(outcome.output)"
            switch outcome.ending {
            case .exit(status: 0): return nil
            case .exit(let status): return MailRefusal("\(path) ended with exit status \(status)\(said)")
            case .signal(let signal): return MailRefusal("\(path) was ended by signal \(signal)\(said)")
            case .overtime: return MailRefusal("\(path) did not end within \(limit.components.seconds) s, and was ended\(said)")
            case .stopped: return MailRefusal("the server was stopped while \(path) ran", isInterruption: true)
            }
        } catch {
            return MailRefusal("\(path) can't be run: \(error.message)")
        }
    }
}

import Foundation
import Subscriptions

/// How `porter serve` sends mail to partners.
struct MailConfiguration: Sendable {
    let from: Mailbox
    /// nil: no answers are asked for.
    let replyTo: Mailbox?
    /// The mail system's `sendmail`.
    let program: String

    /// - Returns: nil without `--mail-from`: no mail is sent.
    /// - Throws: ``CommandFailure`` that names the option and what it takes.
    init?(_ settings: Settings, _ options: ServeOptions) throws {
        let replyTo = settings.string("mail-reply-to", flag: options.mailReplyTo)
        let program = settings.string("sendmail", flag: options.sendmail)
        guard let from = settings.string("mail-from", flag: options.mailFrom) else {
            // Whoever sets these means mail to be sent.
            for (option, value) in [("mail-reply-to", replyTo), ("sendmail", program)] where value != nil {
                throw CommandFailure(
                    message: "--\(option) is given without --mail-from, and no mail would be sent; "
                        + "give the address that mail comes from",
                    exitCode: CommandFailure.badRequest)
            }
            return nil
        }
        self.from = try Self.mailbox("mail-from", from)
        self.replyTo = try replyTo.map { try Self.mailbox("mail-reply-to", $0) }
        self.program = try Self.executable(program ?? SendmailProgram.usualPath)
    }

    private static func mailbox(_ option: String, _ text: String) throws -> Mailbox {
        guard let mailbox = Mailbox(text) else {
            throw CommandFailure(
                message: "--\(option) is \(text.debugDescription), and must be one address such as mail@gateway.example.com or "
                    + "\"Sign-ups <mail@gateway.example.com>\"",
                exitCode: CommandFailure.badRequest)
        }
        return mailbox
    }

    /// A mistake here would be noticed at the first notice only, perhaps weeks later.
    private static func executable(_ path: String) throws -> String {
        var isFolder: ObjCBool = false
        guard path.hasPrefix("/"), FileManager.default.isExecutableFile(atPath: path),
            FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
        else {
            throw CommandFailure(
                message: "--sendmail is \(path.debugDescription), and must be the absolute path of a program that may be run; "
                    + "install a mail system such as postfix or msmtp, or name its sendmail",
                exitCode: CommandFailure.badRequest)
        }
        return path
    }
}

extension MailConfiguration {
    /// Reads the texts, and names what takes the messages.
    ///
    /// - Throws: ``NoticeFault``.
    func mail(publicFolder: String) throws -> Postman.Mail {
        Postman.Mail(
            from: from, replyTo: replyTo, letters: try NoticeLibrary.load(publicFolder: publicFolder),
            transport: SendmailProgram(path: program, envelopeSender: from.address))
    }
}

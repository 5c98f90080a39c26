package import Attribution
package import Logging
import Office

/// Sends the notices of the outbox, one after the other.
///
/// A notice is marked before its attempt and after it. Killed in between, the server sends it again at its next start, with the same
/// Message-ID: none is lost, and only what the mail system took without the mark being written comes twice.
package actor Postman {
    /// What mail is sent with.
    package struct Mail: Sendable {
        let from: Mailbox
        let replyTo: Mailbox?
        let letters: NoticeLibrary
        let transport: any MailTransport

        package init(from: Mailbox, replyTo: Mailbox?, letters: NoticeLibrary, transport: any MailTransport) {
            self.from = from
            self.replyTo = replyTo
            self.letters = letters
            self.transport = transport
        }
    }

    /// Time and chance.
    package struct Surroundings: Sendable {
        let now: @Sendable () -> Timestamp
        /// A number from 0, 1 excluded.
        let chance: @Sendable () -> Double
        /// Throws when the task is cancelled.
        let sleep: @Sendable (Duration) async throws -> Void

        package init(
            now: @escaping @Sendable () -> Timestamp,
            chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
            sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
        ) {
            self.now = now
            self.chance = chance
            self.sleep = sleep
        }
    }

    private let outbox: Outbox
    private let mail: Mail?
    private let surroundings: Surroundings
    private let threads: any BlockingThreads
    private let logger: Logger
    private var hasRecovered = false
    /// Whether this gateway sends mail at all.
    package nonisolated let sendsMail: Bool
    package private(set) var measures = MailMeasures()

    /// How often the outbox is looked at: so long a notice waits that is new.
    private static let lookInterval = Duration.seconds(1)
    /// Without mail there is nothing to do but to set aside what has waited for days.
    private static let idleInterval = Duration.seconds(3_600)
    /// What keeps the office from being written, a full disk mostly, is not over in a moment.
    private static let troubleInterval = Duration.seconds(10)

    /// - Parameters:
    ///   - mail: nil when this gateway sends none.
    ///   - threads: where the outbox is read and written.
    package init(
        outbox: Outbox, mail: Mail?, surroundings: Surroundings, threads: any BlockingThreads, logger: Logger
    ) {
        self.outbox = outbox
        self.mail = mail
        sendsMail = mail != nil
        self.surroundings = surroundings
        self.threads = threads
        self.logger = logger
    }

    /// Works until the task is cancelled. What is in hand then has a few seconds; what does not end in them is sent again at the next
    /// start.
    package func run() async {
        while !Task.isCancelled {
            var pause = mail == nil ? Self.idleInterval : Self.lookInterval
            do {
                if try await work() { continue }
            } catch {
                logger.error("notices to partners can't be looked at", metadata: ["error": "\(error)"])
                pause = Self.troubleInterval
            }
            guard (try? await surroundings.sleep(pause)) != nil else { return }
        }
    }

    /// Does one thing.
    ///
    /// - Returns: whether there may be more to do at once.
    /// - Throws: ``OfficeError``.
    func work() async throws -> Bool {
        let time = surroundings.now()
        if !hasRecovered {
            let recovered = try await threads.run { [outbox] in try outbox.recover(at: time) }
            hasRecovered = true
            if recovered > 0 {
                logger.notice("what was being mailed when the server ended is sent again", metadata: ["notices": "\(recovered)"])
            }
        }
        guard let mail else {
            let aside = try await threads.run { [outbox] in try outbox.setAside(at: time) }
            if aside > 0 {
                logger.warning(
                    "notices to partners were set aside: no mail is sent without --mail-from", metadata: ["notices": "\(aside)"])
            }
            return false
        }
        let domain = mail.from.address.domain
        let due = try await threads.run { [outbox] in try outbox.takeDue(at: time, domain: domain) }
        guard let entry = due else { return false }
        let result = await attempt(entry, with: mail)
        count(entry, result)
        await settle(entry, result)
        return true
    }

    private func attempt(_ entry: OutboxEntry, with mail: Mail) async -> DeliveryResult {
        guard let recipient = entry.notice.address.flatMap({ MailAddress($0) }), let id = entry.messageID else {
            return .givenUp(error: Outbox.unusableAddress)
        }
        let texts = mail.letters.texts(for: entry.notice.language)
        let letter = NoticeLetter(entry.notice, texts, takesReplies: mail.replyTo != nil)
        let message = MailMessage(
            from: mail.from, replyTo: mail.replyTo, recipient: recipient, subject: letter.subject, date: entry.notice.time,
            id: id,
            language: texts.language.tag, text: letter.text, html: letter.html)
        do throws(MailRefusal) {
            try await mail.transport.hand(message.bytes(lineEnd: "\n"))
            return .sent
        } catch {
            if error.isInterruption { return .retry(at: surroundings.now(), error: error.reason) }
            // Mail systems name whom they would not take mail for; where it goes is told to nobody who may not read the directory.
            let reason = error.reason.replacing(recipient.description, with: "the partner's address")
            return BackOff.result(of: entry, error: reason, at: surroundings.now(), chance: surroundings.chance())
        }
    }

    /// No address is logged: whose it is stands in the office.
    private func count(_ entry: OutboxEntry, _ result: DeliveryResult) {
        var metadata: Logger.Metadata = [
            "notice": "\(entry.id)", "partner": "\(entry.notice.partner)", "attempt": "\(entry.attempts)",
        ]
        metadata["message_id"] = entry.messageID.map { "\($0)" }
        switch result {
        case .sent:
            measures.sent += 1
            logger.info("a notice was mailed", metadata: metadata)
        case .retry(let moment, let error):
            measures.failedAttempts += 1
            metadata["error"] = "\(error)"
            metadata["next_attempt"] = "\(moment)"
            logger.warning("a notice could not be mailed", metadata: metadata)
        case .givenUp(let error):
            measures.failedAttempts += 1
            measures.givenUp += 1
            metadata["error"] = "\(error)"
            logger.error("a notice was given up", metadata: metadata)
        }
    }

    /// Until it is on disk what came of an attempt, nothing else is sent: the mark that is missing would send it again.
    private func settle(_ entry: OutboxEntry, _ result: DeliveryResult) async {
        while true {
            let time = surroundings.now()
            do {
                try await threads.run { [outbox] in try outbox.settle(entry.id, result, at: time) }
                return
            } catch {
                logger.error(
                    "it can't be noted what became of a notice", metadata: ["notice": "\(entry.id)", "error": "\(error)"])
            }
            guard (try? await surroundings.sleep(Self.lookInterval)) != nil else { return }
        }
    }
}

/// What takes messages for delivery.
package protocol MailTransport: Sendable {
    /// Hands a message over. When it returns, the mail system answers for it.
    ///
    /// - Parameter message: a whole message whose lines end in LF; its recipients are those of its headers.
    /// - Throws: ``MailRefusal``. When the task is cancelled, the transport may end an attempt that takes too long.
    func hand(_ message: [UInt8]) async throws(MailRefusal)
}

/// Why a message was not taken; whether it was after all can't be known in every case.
package struct MailRefusal: Error, Equatable, Sendable {
    /// Longer reports of a mail system are cut.
    static let maximumScalars = 300

    /// One line.
    package let reason: String
    /// The server is stopping: not the mail system's fault.
    package let isInterruption: Bool

    package init(_ reason: String, isInterruption: Bool = false) {
        self.reason = MailText.line(reason, atMost: Self.maximumScalars)
        self.isInterruption = isInterruption
    }
}

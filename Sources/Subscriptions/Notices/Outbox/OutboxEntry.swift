package import Attribution

/// A notice in the outbox, and what became of it.
package struct OutboxEntry: Equatable, Sendable {
    /// Its number in the outbox, in the order of the changes.
    package let id: Int64
    package let notice: Notice
    package let state: NoticeState
    /// nil until the first attempt.
    package let messageID: MessageID?
    /// Attempts that were begun.
    package let attempts: Int
    /// While it is pending.
    package let nextAttempt: Timestamp?
    /// When it came to a state that it stays in.
    package let settledAt: Timestamp?
    /// Why the last attempt failed, or why the address can't be used: one line; nil once it was sent.
    package let lastError: String?
}

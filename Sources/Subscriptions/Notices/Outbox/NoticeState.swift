/// What became of a notice.
package enum NoticeState: String, CaseIterable, Codable, Sendable {
    /// It waits for its next attempt.
    case pending
    /// It is being handed to the mail system; after a crash it is pending again.
    case sending
    /// The mail system has taken it.
    case sent
    /// The mail system has refused it for so long that it was given up.
    case failed
    /// The directory had no address for the partner, or none that mail can be sent to.
    case noAddress = "no-address"
    /// It has waited for long in a gateway that sends no mail.
    case mailOff = "mail-off"
}

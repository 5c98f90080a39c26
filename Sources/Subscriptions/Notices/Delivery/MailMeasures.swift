/// What the postman has counted since the start.
package struct MailMeasures: Equatable, Sendable {
    /// Notices that the mail system has taken.
    package var sent: Int64 = 0
    /// Attempts that failed; the notice was tried again, or given up.
    package var failedAttempts: Int64 = 0
    /// Notices that were given up.
    package var givenUp: Int64 = 0
}

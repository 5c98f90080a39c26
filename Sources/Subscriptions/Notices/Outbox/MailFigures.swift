package import Attribution
import GRDB
import Office

/// How the mail to partners is: what the Health page and `/metrics` show.
package struct MailFigures: Equatable, Sendable {
    /// Notices that the mail system has not taken yet.
    package let pending: Int
    /// When the change was made that the oldest of them tells of; nil when there is none.
    package let oldestPending: Timestamp?
    /// Notices that were given up.
    package let failed: Int
    /// Those of them that were given up in the last ``latelyDays`` days: what somebody should still look at.
    package let failedLately: Int
    /// Notices to partners without an address that mail can be sent to.
    package let withoutAddress: Int
    /// The latest failure of a notice that was not sent since; not that of one that was given up before lately.
    package let lastError: Failure?

    package static let latelyDays: Int64 = 7

    package struct Failure: Equatable, Sendable {
        package let time: Timestamp
        /// One line.
        package let message: String
    }

    /// Whole seconds that the oldest pending notice has waited; nil when none waits.
    package func oldestPendingSeconds(at now: Timestamp) -> Int64? { oldestPending.map { max(0, now.seconds - $0.seconds) } }
}

extension Outbox {
    /// - Throws: ``OfficeError``.
    package func figures(at now: Timestamp) throws -> MailFigures {
        let lately = now.microseconds - MailFigures.latelyDays * Timestamp.microsecondsPerDay
        return try office.read { db in
            func count(_ state: NoticeState) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM notice WHERE state = ?", arguments: [state.rawValue]) ?? 0
            }
            func oldest(_ state: NoticeState) throws -> Int64? {
                try Int64.fetchOne(db, sql: "SELECT min(time) FROM notice WHERE state = ?", arguments: [state.rawValue])
            }
            let last = try Row.fetchOne(
                db,
                sql: """
                    SELECT last_error_at, last_error FROM notice
                    WHERE last_error IS NOT NULL AND last_error_at IS NOT NULL AND (state <> 'failed' OR last_error_at >= ?)
                    ORDER BY last_error_at DESC LIMIT 1
                    """,
                arguments: [lately])
            return MailFigures(
                pending: try count(.pending) + count(.sending),
                oldestPending: try [oldest(.pending), oldest(.sending)].compactMap { $0 }.min()
                    .map(Timestamp.init(microseconds:)),
                failed: try count(.failed),
                failedLately: try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM notice WHERE state = 'failed' AND settled_at >= ?", arguments: [lately]) ?? 0,
                withoutAddress: try count(.noAddress),
                lastError: last.map { MailFigures.Failure(time: Timestamp(microseconds: $0[0]), message: $0[1]) })
        }
    }
}

import Attribution
package import GRDB
package import Office

/// The notices to partners, in `office.db`: each is written with the change that it tells of, and waits here until the mail system
/// has taken it. None is ever removed.
package struct Outbox: Sendable {
    let office: Office

    package init(office: Office) {
        self.office = office
    }

    /// Why an address is none, as ``OutboxEntry/lastError`` of a notice without one has it.
    static let unusableAddress = "the directory's address is none that mail can be sent to"

    /// Writes a notice in the transaction of the change that it tells of: either both are kept, or neither. One that is there already
    /// is left as it is.
    ///
    /// - Returns: the state that it is in: ``NoticeState/noAddress`` when nobody will be mailed.
    /// - Throws: what SQLite throws.
    @discardableResult
    package static func add(_ notice: Notice, in db: Database) throws -> NoticeState {
        let isUsable = notice.address.map { MailAddress($0) != nil }
        let isPending = isUsable == true
        let time = notice.time.microseconds
        let nextAttempt: Int64? = isPending ? time : nil
        let settledAt: Int64? = isPending ? nil : time
        let lastError: String? = isUsable == false ? unusableAddress : nil
        let state: NoticeState = isPending ? .pending : .noAddress
        try db.execute(
            sql: """
                INSERT INTO notice
                    (change, kind, partner, address, language, subscription, product, time, state, next_attempt_at, settled_at,
                     last_error)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (change, partner, kind) DO NOTHING
                """,
            arguments: [
                notice.change, notice.kind.rawValue, Int64(notice.partner.number), notice.address, notice.language,
                notice.subscription, notice.product, time, state.rawValue, nextAttempt, settledAt, lastError,
            ])
        return state
    }

    /// The notices about a subscription, the newest first.
    package func entries(ofSubscription subscription: String, limit: Int) throws -> [OutboxEntry] {
        try office.read { db in
            try OutboxRow.entries(
                db, where: "subscription = ? ORDER BY id DESC LIMIT ?", arguments: [subscription, limit])
        }
    }

    /// The notices that are in a state, the newest first.
    package func entries(in state: NoticeState, limit: Int) throws -> [OutboxEntry] {
        try office.read { db in
            try OutboxRow.entries(db, where: "state = ? ORDER BY time DESC, id DESC LIMIT ?", arguments: [state.rawValue, limit])
        }
    }
}

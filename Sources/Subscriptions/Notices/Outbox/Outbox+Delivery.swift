import Attribution
import GRDB
import Office

/// What the postman does with the outbox. One postman at a time works on it: that of the process that holds the data folder's lock.
extension Outbox {
    /// Takes up what was being sent when the process before this one ended: whether the mail system has it nobody can tell, so that
    /// it is sent again, with the same Message-ID.
    ///
    /// - Returns: how many there were.
    @discardableResult
    func recover(at time: Timestamp) throws -> Int {
        try office.writeUnnoted { db in
            try db.execute(
                sql: """
                    UPDATE notice SET state = 'pending', next_attempt_at = ?, sending_since = NULL WHERE state = 'sending'
                    """,
                arguments: [time.microseconds])
            return db.changesCount
        }
    }

    /// The notice that has been due for longest, from now on being sent; nil when none is due. It is on disk that an attempt has begun
    /// before the attempt begins.
    ///
    /// - Parameter domain: of the Message-ID, unless an earlier attempt has given it one.
    func takeDue(at time: Timestamp, domain: String) throws -> OutboxEntry? {
        let due = "state = 'pending' AND next_attempt_at <= ? ORDER BY next_attempt_at, id LIMIT 1"
        // Mostly nothing is: a look does not keep others from writing.
        guard try office.read({ try OutboxRow.entries($0, where: due, arguments: [time.microseconds]).first }) != nil else {
            return nil
        }
        return try office.writeUnnoted { db in
            guard let entry = try OutboxRow.entries(db, where: due, arguments: [time.microseconds]).first else { return nil }
            let messageID = entry.messageID ?? MessageID(entry.notice, domain: domain)
            try db.execute(
                sql: """
                    UPDATE notice
                    SET state = 'sending', sending_since = ?, next_attempt_at = NULL, attempts = attempts + 1, message_id = ?
                    WHERE id = ?
                    """,
                arguments: [time.microseconds, messageID.description, entry.id])
            return try OutboxRow.entry(db, id: entry.id)
        }
    }

    /// Notes what came of the attempt that ``takeDue(at:domain:)`` began.
    func settle(_ id: Int64, _ result: DeliveryResult, at time: Timestamp) throws {
        try office.writeUnnoted { db in
            switch result {
            case .sent:
                try db.execute(
                    sql: """
                        UPDATE notice
                        SET state = 'sent', settled_at = ?, sending_since = NULL, last_error = NULL, last_error_at = NULL
                        WHERE id = ?
                        """,
                    arguments: [time.microseconds, id])
            case .retry(let moment, let error):
                try db.execute(
                    sql: """
                        UPDATE notice
                        SET state = 'pending', next_attempt_at = ?, sending_since = NULL, last_error = ?, last_error_at = ?
                        WHERE id = ?
                        """,
                    arguments: [moment.microseconds, error, time.microseconds, id])
            case .givenUp(let error):
                try db.execute(
                    sql: """
                        UPDATE notice
                        SET state = 'failed', settled_at = ?, sending_since = NULL, last_error = ?, last_error_at = ?
                        WHERE id = ?
                        """,
                    arguments: [time.microseconds, error, time.microseconds, id])
            }
        }
    }

    /// Sets aside what has waited for longer than it would be retried, in a gateway that sends no mail: news of years are not sent
    /// on the day that somebody turns mail on.
    @discardableResult
    func setAside(at time: Timestamp) throws -> Int {
        let oldest = time.microseconds - BackOff.patienceSeconds * Timestamp.microsecondsPerSecond
        let waiting = "state = 'pending' AND next_attempt_at < ? AND time < ?"
        // As with those that are due: mostly there is none.
        let isAny = try office.read { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM notice WHERE \(waiting))", arguments: [time.microseconds, oldest])
        }
        guard isAny == true else { return 0 }
        return try office.writeUnnoted { db in
            try db.execute(
                sql: """
                    UPDATE notice SET state = 'mail-off', settled_at = ?, next_attempt_at = NULL WHERE \(waiting)
                    """,
                arguments: [time.microseconds, time.microseconds, oldest])
            return db.changesCount
        }
    }
}

/// What came of an attempt.
enum DeliveryResult: Equatable, Sendable {
    case sent
    /// It is tried again at this time. The error is one line.
    case retry(at: Timestamp, error: String)
    case givenUp(error: String)
}

import Attribution
import GRDB

/// How an entry is written in the table `notice`.
enum OutboxRow {
    private static let columns = """
        id, change, kind, partner, address, language, subscription, product, time, state, message_id, attempts, next_attempt_at,
        settled_at, last_error
        """

    /// - Parameter condition: what follows `WHERE`.
    static func entries(_ db: Database, where condition: String, arguments: StatementArguments) throws -> [OutboxEntry] {
        try Row.fetchAll(db, sql: "SELECT \(columns) FROM notice WHERE \(condition)", arguments: arguments).map(entry)
    }

    static func entry(_ db: Database, id: Int64) throws -> OutboxEntry? {
        try entries(db, where: "id = ?", arguments: [id]).first
    }

    private static func entry(_ row: Row) throws -> OutboxEntry {
        guard let kind = Notice.Kind(rawValue: row[2]), let state = NoticeState(rawValue: row[9]),
            let id = UInt64(exactly: row[3] as Int64).flatMap({ PartnerID($0) })
        else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the table notice holds a row with an unknown word")
        }
        let notice = Notice(
            change: row[1], kind: kind, partner: id, address: row[4], language: row[5], subscription: row[6], product: row[7],
            time: Timestamp(microseconds: row[8]))
        return OutboxEntry(
            id: row[0], notice: notice, state: state, messageID: (row[10] as String?).map(MessageID.init(text:)),
            attempts: row[11], nextAttempt: moment(row[12]), settledAt: moment(row[13]), lastError: row[14])
    }

    private static func moment(_ microseconds: Int64?) -> Timestamp? { microseconds.map(Timestamp.init(microseconds:)) }
}

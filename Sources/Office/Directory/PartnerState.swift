import Attribution
import GRDB

/// How a partner is written in the table `partner_state`.
enum PartnerState {
    /// The columns that ``partner(_:)`` reads, in its order.
    static let columns = """
        partner, name, status, status_reason, account, parent, agreement, email, language, valid_from, valid_to, programs
        """

    /// A row that holds what the program never writes: the file was changed by another hand, or is damaged.
    static func damaged(_ what: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the table partner_state holds a row with \(what)")
    }

    static func partner(_ row: Row) throws -> Partner {
        let id = try id(row[0])
        return Partner(
            id: id,
            name: row[1],
            standing: try standing(status: row[2], reason: row[3], validFrom: row[9], validTo: row[10]),
            account: try word(row[4]),
            parent: try (row[5] as Int64?).map(Self.id),
            agreement: try word(row[6]),
            email: row[7],
            language: row[8],
            programs: (row[11] as String).split(separator: PartnerColumn.programSeparator).map(String.init)
        )
    }

    static func id(_ number: Int64) throws -> PartnerID {
        guard let id = UInt64(exactly: number).flatMap({ PartnerID($0) }) else { throw damaged("the partner ID \(number)") }
        return id
    }

    static func standing(status: String, reason: String?, validFrom: String?, validTo: String?) throws -> PartnerStanding {
        PartnerStanding(
            status: try word(status), statusReason: try reason.map(word),
            validFrom: try validFrom.map(day), validTo: try validTo.map(day))
    }

    private static func word<Word: RawRepresentable<String>>(_ text: String) throws -> Word {
        guard let word = Word(rawValue: text) else { throw damaged("the word \(text.debugDescription)") }
        return word
    }

    private static func day(_ text: String) throws -> CalendarDay {
        guard let day = CalendarDay(text) else { throw damaged("the day \(text.debugDescription)") }
        return day
    }

    static func number(_ id: PartnerID) -> Int64 { Int64(id.number) }

    /// Begins the partner's new state with the version, and ends the one before.
    static func insert(_ partner: Partner, version: Int, _ db: Database) throws {
        try db.cachedStatement(
            sql: "UPDATE partner_state SET until_version = ? WHERE partner = ? AND until_version IS NULL"
        ).execute(arguments: [version, number(partner.id)])
        try db.cachedStatement(
            sql: """
                INSERT INTO partner_state (since_version, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            version, number(partner.id), partner.name, partner.standing.status.rawValue, partner.standing.statusReason?.rawValue,
            partner.account.rawValue, partner.parent.map(number), partner.agreement.rawValue, partner.email, partner.language,
            partner.standing.validFrom?.description, partner.standing.validTo?.description, partner[.programs],
        ])
    }

    /// The version that made the partner what it is; nil when it is not in the directory.
    static func currentVersion(_ id: PartnerID, _ db: Database) throws -> Int? {
        let statement = try db.cachedStatement(
            sql: "SELECT since_version FROM partner_state WHERE partner = ? AND until_version IS NULL")
        return try Int.fetchOne(statement, arguments: [number(id)])
    }

    static func current(_ id: PartnerID, _ db: Database) throws -> Partner? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM partner_state WHERE partner = ? AND until_version IS NULL")
        return try Row.fetchOne(statement, arguments: [number(id)]).map(partner)
    }
}

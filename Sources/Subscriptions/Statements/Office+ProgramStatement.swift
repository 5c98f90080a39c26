package import Attribution
internal import GRDB
package import Office

extension Office {
    /// What became of a partner's sign-ups in a month, from the history of its subscriptions and what the provider reported of their
    /// workloads, as both are known now: what is told late still counts for the month that it is about.
    ///
    /// - Parameter now: what lies ahead of it does not count yet.
    package func programStatement(of partner: PartnerID, in month: CalendarMonth, now: Timestamp) throws -> ProgramStatement {
        let whole = TimeSpan(start: month.first.start, end: month.next.first.start)
        // What is so now is part of the past.
        let past = whole.overlap(
            TimeSpan(start: TimeSpan.everything.start, end: Timestamp(microseconds: now.microseconds + 1)))
        return try read { db in
            var statement = ProgramStatement(of: partner, in: month)
            try Self.forEachPast(of: partner, db) { subscription in
                for index in statement.programs.indices {
                    statement.programs[index].add(subscription, of: partner, in: whole, past: past)
                }
            }
            return statement
        }
    }

    /// Goes through all subscriptions that a partner ever had, each with all of its history: one at a time, as there may be many.
    private static func forEachPast(of partner: PartnerID, _ db: Database, _ body: (SubscriptionPast) -> Void) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT a.subscription, a.time, a.origin, a.partner, a.program, a.evidence, s.created_at, a.signup
                FROM association AS a JOIN subscription AS s ON s.id = a.subscription
                WHERE a.subscription IN (SELECT subscription FROM association WHERE partner = ?)
                ORDER BY a.subscription, a.number
                """,
            arguments: [SubscriptionRow.number(partner)])
        var id: String?
        var past = SubscriptionPast(createdAt: TimeSpan.endless)
        func finish() throws {
            guard let id else { return }
            // Reports there are many of, and only one program asks for them.
            if past.changes.contains(where: { $0.association?.partner == partner && $0.association?.program == .usage }) {
                past.workload = try Self.workload(of: id, db)
            }
            body(past)
        }
        while let row = try rows.next() {
            let subscription: String = row[0]
            if subscription != id {
                try finish()
                id = subscription
                past = SubscriptionPast(createdAt: Timestamp(microseconds: row[6]))
            }
            var association: PartnerOfRecord?
            if let number = row[3] as Int64? {
                association = PartnerOfRecord(
                    partner: try SubscriptionRow.partner(number),
                    program: try (row[4] as String?).map { try SubscriptionRow.word($0) },
                    evidence: try SubscriptionRow.word(row[5]))
            }
            past.add(
                association, try SubscriptionRow.word(row[2]), signup: (row[7] as String?).flatMap { Receipt($0)?.time },
                at: Timestamp(microseconds: row[1]))
        }
        try finish()
    }
}

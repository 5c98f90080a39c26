internal import Attribution
internal import GRDB

/// Everything that happens on the writer's thread: gives drafts their places, writes and commits them, and keeps what is
/// derived from them.
struct CommitEngine {
    private let database: Database
    private let transaction: RawTransaction
    private let log: WriteAheadLog
    private let beforeCommit: (@Sendable () throws -> Void)?
    private var insertion: RecordInsertion
    private var recognition: VisitRecognition
    private var derived: DerivedState
    /// What was found about the records of the commit at hand, in their order; used again for the next one's.
    private var recognised: [VisitRecognition.Recognised] = []
    /// The last record that is committed.
    private(set) var lastSequence: Int64

    init(_ database: Database, folder: String, node: String, settings: LedgerSettings) throws {
        self.database = database
        transaction = try RawTransaction(database)
        log = try WriteAheadLog(database)
        beforeCommit = settings.beforeCommit
        insertion = try RecordInsertion(database, node: node, salts: SaltPool(fill: settings.randomBytes))
        recognition = try VisitRecognition(
            folder: folder,
            database: database,
            maximumVisits: settings.maximumRememberedVisits,
            fill: settings.randomBytes
        )
        derived = try DerivedState(database)
        lastSequence = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM record") ?? 0
        try foldTail()
    }

    /// Counts the records that were committed after the derived tables were last written.
    ///
    /// - Throws: ``LedgerError/damagedRecord(file:sequence:)`` when a record is missing: a gap must not be written behind.
    private mutating func foldTail() throws {
        guard derived.countedThrough <= lastSequence else {
            throw LedgerError.damagedRecord(file: LedgerFile.name, sequence: lastSequence + 1)
        }
        var expected = derived.countedThrough &+ 1
        let tail = try StoredRecord.fetchCursor(database, after: derived.countedThrough)
        while let stored = try tail.next() {
            guard stored.sequence == expected else { throw LedgerError.damagedRecord(file: LedgerFile.name, sequence: expected) }
            expected += 1
            guard let record = stored.record, let counted = CountedRecord(record, partnerIsListed: stored.partnerIsListed)
            else { throw LedgerError.damagedRecord(file: LedgerFile.name, sequence: stored.sequence) }
            try derived.prepare(campaign: counted.key.campaign, on: counted.time.day, database: database)
            let isVisit = counted.tally.visits == 1
            let visit = recognition.remember(record, sequence: stored.sequence, isVisit: isVisit)
            derived.fold(counted, sequence: stored.sequence, newVisit: visit)
        }
    }

    /// Commits all the drafts in one transaction, in their order.
    ///
    /// - Parameters:
    ///   - notes: what else is to be written with it.
    ///   - writesDerived: whether the derived tables are brought up to the records before these.
    /// - Throws: when the disk does not have them; everything is then as before the call.
    mutating func commit(_ appends: [PendingAppend], notes: StrayNotes.Taken, writesDerived: Bool) throws {
        let writesDerived = derived.isPending && (writesDerived || derived.isDue)
        do {
            try transaction.run(beforeCommit: beforeCommit) {
                // First: a record may begin a visitor day, and then the visits of the day before are to be removed.
                try insert(appends)
                if writesDerived { try derived.write(to: database) }
                try StrayTables(database: database).add(notes)
            }
        } catch {
            recognition.rollBack()
            log.countAnew()
            throw error
        }
        recognition.commit()
        if writesDerived { derived.markWritten() }
        fold(appends)
        derived.trim()
    }

    private mutating func insert(_ appends: [PendingAppend]) throws {
        recognised.removeAll(keepingCapacity: true)
        insertion.begin()
        var sequence = lastSequence
        for append in appends {
            // A span lends the drafts, where an iterator would copy each and count a reference for each of its texts.
            let drafts = append.drafts.span
            for index in drafts.indices {
                sequence += 1
                try insert(drafts[index], sequence: sequence)
            }
            for entry in append.later {
                sequence += 1
                try derived.prepare(campaign: entry.record.text(.campaign), on: entry.time.day, database: database)
                try insertion.insert(entry, sequence: sequence, visitor: nil, isRepeat: false)
            }
        }
        try insertion.finish()
    }

    private mutating func insert(_ draft: borrowing RecordDraft, sequence: Int64) throws {
        let day = draft.time.day
        if recognition.needsKey(for: day) {
            try recognition.beginDay(day, firstSequence: lastSequence + 1)
            derived.forgetVisits()
        }
        try derived.prepare(campaign: draft.campaign, on: day, database: database)
        let known = recognition.recognise(draft)
        try insertion.insert(draft, sequence: sequence, visitor: known.visitor, isRepeat: known.isRepeat)
        recognised.append(known)
    }

    private mutating func fold(_ appends: [PendingAppend]) {
        var next = 0
        for append in appends {
            let drafts = append.drafts.span
            for index in drafts.indices {
                let known = recognised[next]
                next += 1
                lastSequence += 1
                let counted = CountedRecord(drafts[index], isRepeat: known.isRepeat)
                derived.fold(counted, sequence: lastSequence, newVisit: known.newVisit)
            }
            for entry in append.later {
                lastSequence += 1
                guard let counted = CountedRecord(entry.record, partnerIsListed: entry.partnerIsListed) else {
                    preconditionFailure("an adjustment has what it took from a record that was counted, an association its time")
                }
                derived.fold(counted, sequence: lastSequence, newVisit: nil)
            }
        }
    }

    /// Visits of the visitor day that are remembered.
    var rememberedVisits: Int { recognition.rememberedVisits }

    /// Whether there is something to write that no record brought with it.
    var hasUpkeep: Bool { derived.isPending }

    /// A commit that changes nothing of meaning: whether commits succeed again.
    func probe() throws {
        try transaction.run(beforeCommit: beforeCommit) {
            try database.cachedStatement(sql: "UPDATE state SET probes = probes + 1").execute()
        }
    }

    /// Copies the write-ahead log into the file when it is time.
    func checkpointIfDue() throws -> WriteAheadLog.Copying { try log.checkpointIfDue() }

    /// The same at the end, as far as readers let it.
    func checkpointAtEnd() throws { try log.checkpointAtEnd() }
}

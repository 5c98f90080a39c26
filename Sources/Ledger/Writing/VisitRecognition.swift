internal import Attribution
internal import GRDB

/// Who made a record, and whether for the first time on that visitor day: the key in force and the visits seen under it.
struct VisitRecognition {
    private let file: VisitorKeyFile
    private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void
    private var key: VisitorKey?
    private var visits: RepeatedVisits
    /// Visits that were remembered for records that are not committed yet.
    private var uncommitted: [UInt64] = []

    struct Recognised {
        var visitor: Visitor?
        var isRepeat = false
        /// The fingerprint of a visit that is remembered from now on.
        var newVisit: UInt64?
    }

    /// Reads the key of an earlier run, and the visits that the derived tables have of its day.
    init(
        folder: String,
        database: Database,
        maximumVisits: Int,
        fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void
    ) throws {
        file = VisitorKeyFile(folder: folder)
        self.fill = fill
        key = try file.read()
        var visits = RepeatedVisits(maximum: maximumVisits)
        if let key {
            try SeenVisits.read(from: key.firstSequence, database) { _ = visits.note($0) }
        }
        self.visits = visits
    }

    var rememberedVisits: Int { visits.count }

    /// Whether a record of that day needs ``beginDay(_:firstSequence:)`` first: the UTC day rises, or there is no key yet.
    ///
    /// A clock may step back without another key. But a key that is far ahead was made under a clock that was wrong, and would
    /// otherwise stay in force until that day comes.
    func needsKey(for day: CalendarDay) -> Bool {
        guard let key else { return true }
        return day > key.day || key.day.daysSinceEpoch - day.daysSinceEpoch > Self.maximumDaysAhead
    }

    private static let maximumDaysAhead = 7

    /// Replaces the key on disk and in memory, and forgets the visits that were seen.
    mutating func beginDay(_ day: CalendarDay, firstSequence: Int64) throws {
        var secret = [UInt8](repeating: 0, count: VisitorKey.byteCount)
        secret.withUnsafeMutableBytes { fill($0) }
        let next = VisitorKey(day: day, firstSequence: firstSequence, secret: secret)
        try file.write(next)
        key = next
        visits.removeAll()
        uncommitted.removeAll()
    }

    mutating func recognise(_ draft: borrowing RecordDraft) -> Recognised {
        guard let visitor = key?.visitor(of: draft.personal) else { return Recognised() }
        let fingerprint = RepeatedVisits.fingerprint(visitor: visitor, route: draft.route.name, partner: draft.partner)
        guard draft.isVisit else {
            return Recognised(visitor: visitor, isRepeat: visits.contains(fingerprint))
        }
        let (isRepeat, isNew) = visits.note(fingerprint)
        if isNew { uncommitted.append(fingerprint) }
        return Recognised(visitor: visitor, isRepeat: isRepeat, newVisit: isNew ? fingerprint : nil)
    }

    /// The records that were recognised are on disk.
    mutating func commit() { uncommitted.removeAll(keepingCapacity: true) }

    /// They are not, and never will be.
    mutating func rollBack() {
        for fingerprint in uncommitted { visits.forget(fingerprint) }
        uncommitted.removeAll(keepingCapacity: true)
    }

    /// Remembers the visit of a committed record that the derived tables do not have yet.
    ///
    /// - Returns: the fingerprint when it is new.
    mutating func remember(_ record: Attribution.Record, sequence: Int64, isVisit: Bool) -> UInt64? {
        guard isVisit, let key, sequence >= key.firstSequence,
            let visitor = record.text(.visitor).flatMap(Visitor.init(hex:)), let route = record.text(.route)
        else { return nil }
        let partner = record.text(.partner).flatMap { PartnerID($0) }
        let fingerprint = RepeatedVisits.fingerprint(visitor: visitor, route: route, partner: partner)
        return visits.note(fingerprint).isNew ? fingerprint : nil
    }
}

internal import Attribution

/// A subscription's history, as far as statements are made of it.
struct SubscriptionPast {
    struct Change: Equatable {
        /// From when on it holds.
        let time: Timestamp
        let origin: AssociationOrigin
        /// nil: nobody from then on.
        let association: PartnerOfRecord?
    }

    /// The earliest time that the provider named: before it there was nothing to count.
    let createdAt: Timestamp
    /// In their order; their times do not step back.
    private(set) var changes: [Change] = []
    /// The reports on its workload, in the order of their times.
    var workload: [WorkloadActivity] = []

    init(createdAt: Timestamp) {
        self.createdAt = createdAt
    }

    /// Adds the next change. One that follows from the sign-up's receipt is the first, and holds from when the subscription came of the
    /// sign-up, however late the provider told of it, never from before the sign-up; what somebody decides holds from then on. Of two that were made at the same time, the one that was written later may have begun earlier: what
    /// follows from a change never lies before it.
    ///
    /// - Parameter signup: when the sign-up came that it follows from.
    mutating func add(
        _ association: PartnerOfRecord?, _ origin: AssociationOrigin, signup: Timestamp? = nil, at time: Timestamp
    ) {
        let begin = origin == .receipt ? max(createdAt, signup ?? createdAt) : time
        changes.append(Change(time: max(begin, changes.last?.time ?? begin), origin: origin, association: association))
    }

    /// When the subscription counted for a partner in a program, by the rule of ``PartnerOfRecord/counts(at:isActive:)``: spans that
    /// do not overlap, in their order, none of them empty.
    func counted(for partner: PartnerID, in program: Program, within period: TimeSpan) -> [TimeSpan] {
        var spans: [TimeSpan] = []
        for (index, change) in changes.enumerated() {
            guard let association = change.association, association.partner == partner, association.program == program else {
                continue
            }
            let end = index + 1 < changes.count ? changes[index + 1].time : TimeSpan.endless
            let held = TimeSpan(start: max(change.time, createdAt), end: end).overlap(period)
            if held.isEmpty { continue }
            for state in states {
                let span = state.span.overlap(held)
                if !span.isEmpty, association.counts(at: span.start, isActive: state.isActive) { spans.append(span) }
            }
        }
        return spans
    }

    /// All time in parts within which the rule does not change what it says: it asks for the workload, and for the day from which on
    /// an OSA form does not count.
    private var states: [(span: TimeSpan, isActive: Bool?)] {
        var states: [(span: TimeSpan, isActive: Bool?)] = []
        func add(_ span: TimeSpan, _ isActive: Bool?) {
            let ends = PartnerOfRecord.osaFormEnds
            states.append((span.overlap(TimeSpan(start: TimeSpan.everything.start, end: ends)), isActive))
            states.append((span.overlap(TimeSpan(start: ends, end: TimeSpan.endless)), isActive))
        }
        add(TimeSpan(start: TimeSpan.everything.start, end: workload.first?.time ?? TimeSpan.endless), nil)
        for (index, report) in workload.enumerated() {
            let end = index + 1 < workload.count ? workload[index + 1].time : TimeSpan.endless
            add(TimeSpan(start: report.time, end: end), report.isActive)
        }
        return states
    }
}

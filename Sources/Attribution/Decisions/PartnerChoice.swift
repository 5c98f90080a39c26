/// Whom a request names, judged by its candidates alone; the directory is asked after.
struct PartnerChoice {
    enum Verdict: Equatable {
        case id(PartnerID)
        /// No ID can be used: missing, malformed, placeholder, guid or conflict.
        case none(Outcome, Reason?)
    }

    let verdict: Verdict
    /// All distinct well-formed IDs, ascending, the smallest ``RecordDraft/maximumClaimed``.
    let claimed: [PartnerID]
    /// The candidates that count, as sent but decoded, each differing one once.
    let raw: [[UInt8]]

    /// - Parameters:
    ///   - pathSegment: what stood in the path in place of `{partner}`: the first candidate.
    ///   - values: the values under the route's accepted names, in order.
    init(pathSegment: ArraySlice<UInt8>?, values: [[UInt8]], precedence: PartnerRule.Precedence) {
        var raw: [[UInt8]] = []
        var first: CandidateKind?
        var ids: Set<PartnerID> = []
        var deciding: PartnerID?
        for (index, candidate) in ((pathSegment.map { [Array($0)] } ?? []) + values).enumerated() {
            let kind = CandidateKind.classify(candidate)
            if kind == .nothing { continue }
            if !raw.contains(candidate) { raw.append(candidate) }
            first = first ?? kind
            guard case .id(let id) = kind else { continue }
            ids.insert(id)
            if index == 0, pathSegment != nil, precedence == .path { deciding = id }
        }
        self.raw = raw
        claimed = Array(ids.sorted().prefix(RecordDraft.maximumClaimed))
        verdict =
            if let deciding {
                .id(deciding)
            } else if ids.count > 1 {
                .none(.conflict, nil)
            } else if let only = ids.first {
                .id(only)
            } else {
                Self.verdict(withoutID: first)
            }
    }

    private static func verdict(withoutID first: CandidateKind?) -> Verdict {
        switch first {
        case .guid: .none(.guid, nil)
        case .placeholder: .none(.placeholder, nil)
        case .malformed(let reason): .none(.malformed, reason)
        case .id, .nothing, nil: .none(.missing, nil)
        }
    }
}

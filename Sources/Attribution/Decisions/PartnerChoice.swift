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
    let raw: [ArraySlice<UInt8>]

    /// - Parameters:
    ///   - pathSegment: what stood in the path in place of `{partner}`: the first candidate.
    ///   - parameters: in which the route's names for a Partner ID are looked for.
    init(pathSegment: ArraySlice<UInt8>?, parameters: borrowing ReceivedParameters, route: Route) {
        var candidates = Candidates()
        var deciding: PartnerID?
        if let pathSegment {
            let id = candidates.add(pathSegment)
            if route.partner.precedence == .path { deciding = id }
        }
        for parameter in parameters.all where route.parameters.isPartner(parameter.number) {
            _ = candidates.add(parameters.bytes[parameter.value])
        }
        raw = candidates.raw
        let most = RecordDraft.maximumClaimed
        claimed = candidates.ids.count > most ? Array(candidates.ids[..<most]) : candidates.ids
        verdict =
            if let deciding {
                .id(deciding)
            } else if candidates.ids.count > 1 {
                .none(.conflict, nil)
            } else if let only = candidates.ids.first {
                .id(only)
            } else {
                Self.verdict(withoutID: candidates.first)
            }
    }

    private struct Candidates {
        /// Those that count, each once.
        private(set) var raw: [ArraySlice<UInt8>] = []
        /// What the first of them is.
        private(set) var first: CandidateKind?
        /// Each once, ascending.
        private(set) var ids: [PartnerID] = []

        /// - Returns: the ID that the candidate is.
        mutating func add(_ candidate: ArraySlice<UInt8>) -> PartnerID? {
            let kind = CandidateKind.classify(candidate)
            if kind == .nothing { return nil }
            if !raw.contains(where: { $0.span.isEqual(to: candidate.span) }) { raw.append(candidate) }
            first = first ?? kind
            guard case .id(let id) = kind else { return nil }
            let place = ids.firstIndex { $0 >= id } ?? ids.endIndex
            if place == ids.endIndex || ids[place] != id { ids.insert(id, at: place) }
            return id
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

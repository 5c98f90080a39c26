package import Attribution

/// What counting knows of a record: the same whether it was just committed or is read back.
package struct CountedRecord: Sendable {
    package let time: Timestamp
    /// ``CounterKey/campaign`` is the campaign as recorded, whether or not it is counted by its name.
    package let key: CounterKey
    package let culture: String
    package let country: String
    package let tally: CounterTally
    package private(set) var isAdjustment = false
    /// Whether it has only a place and a time: nothing is counted of it.
    package private(set) var isAssociation = false
    /// From whom an adjustment takes what an earlier one gave.
    package private(set) var replaces: PartnerID?

    package init(_ draft: borrowing RecordDraft, isRepeat: Bool) {
        time = draft.time
        key = CounterKey(
            bucket: QuarterHour(containing: draft.time),
            route: draft.route.name,
            edition: draft.route.endpoint?.edition,
            action: draft.route.endpoint?.action,
            origin: draft.route.origin,
            campaign: draft.campaign ?? "",
            outcome: draft.outcome,
            reason: draft.reason,
            partner: draft.partnerIsListed ? draft.partner : nil,
            client: draft.client,
            clientOS: draft.clientOS
        )
        culture = draft.culture?.tag ?? ""
        country = draft.country?.code ?? ""
        tally = CounterTally(isVisit: draft.isVisit, isRepeat: isRepeat, isAttributed: draft.outcome == .attributed)
    }

    /// Reads the same from a stored record.
    ///
    /// - Returns: nil when a field that every record has is absent, or holds no value of its closed set.
    package init?(_ record: Record, partnerIsListed: Bool) {
        if record.kind == .association {
            guard let time = record.text(.time).flatMap({ Timestamp(rfc3339: $0) }) else { return nil }
            self.init(associationAt: time)
        } else {
            self.init(counting: record, partnerIsListed: partnerIsListed)
        }
    }

    /// The key stands for nothing: it is never counted by.
    private init(associationAt time: Timestamp) {
        self.time = time
        key = CounterKey(
            bucket: QuarterHour(containing: time), route: "", edition: nil, action: nil, origin: "", campaign: "",
            outcome: .attributed, reason: nil, partner: nil, client: .unknown, clientOS: nil)
        culture = ""
        country = ""
        tally = CounterTally()
        isAssociation = true
    }

    private init?(counting record: Record, partnerIsListed: Bool) {
        let isAdjustment = record.kind == .adjustment
        guard let time = record.text(.time).flatMap({ Timestamp(rfc3339: $0) }),
            let route = record.text(.route),
            let origin = record.text(.origin),
            let outcome = record.text(.outcome).flatMap(Outcome.init(rawValue:)),
            let client = record.text(.client).flatMap(ClientKind.init(rawValue:)),
            let tally = isAdjustment ? CounterTally(adjustment: record) : CounterTally(signup: record, outcome, client),
            let edition = record.closed(.edition, Endpoint.Edition.self),
            let action = record.closed(.action, Endpoint.Action.self),
            let reason = record.closed(.reason, Reason.self),
            let clientOS = record.closed(.clientOS, ClientOS.self)
        else { return nil }
        var partner: PartnerID?
        if partnerIsListed, let text = record.text(.partner) {
            guard let id = PartnerID(text) else { return nil }
            partner = id
        }
        self.time = time
        key = CounterKey(
            bucket: QuarterHour(containing: time),
            route: route,
            edition: edition.value,
            action: action.value,
            origin: origin,
            campaign: record.text(.campaign) ?? "",
            outcome: outcome,
            reason: reason.value,
            partner: partner,
            client: client,
            clientOS: clientOS.value
        )
        culture = record.text(.culture) ?? ""
        country = record.text(.country) ?? ""
        self.tally = tally
        self.isAdjustment = isAdjustment
        replaces = isAdjustment ? record.text(.replaces).flatMap { PartnerID($0) } : nil
    }
}

extension CounterTally {
    fileprivate init?(signup record: Record, _ outcome: Outcome, _ client: ClientKind) {
        guard let method = record.text(.method).flatMap(SignupRequest.Method.init(rawValue:)),
            let isRepeat = record.number(.isRepeat), let isTest = record.number(.isTest)
        else { return nil }
        // The rule of RecordDraft.isVisit.
        let isVisit = method != .head && client.isPerson && isTest == 0
        self.init(isVisit: isVisit, isRepeat: isRepeat == 1, isAttributed: outcome == .attributed)
    }

    fileprivate init(adjustment record: Record) {
        self.init()
        adjusted = record.text(.partner) == nil ? 0 : 1
    }
}

/// A value of a closed set that a record may lack.
private struct Optionally<Value> {
    let value: Value?
}

extension Record {
    /// nil: the field holds something that is not of the set. An absent field is no error.
    fileprivate func closed<Value: RawRepresentable<String>>(_ field: RecordField, _: Value.Type) -> Optionally<Value>? {
        guard let text = text(field) else { return Optionally(value: nil) }
        return Value(rawValue: text).map { Optionally(value: $0) }
    }
}

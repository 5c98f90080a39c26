internal import Attribution
internal import Office

/// What a customer is shown of a subscription.
struct CustomerView {
    /// As it is now.
    let subscription: Subscription
    /// The name of its partner of record; nil without one, or when the directory does not have it.
    let currentName: String?
    /// What was done, or why it was not; nil when nothing was asked.
    var message: CustomerMessage?
    /// What the field holds: the ID that was entered, else that of the partner of record.
    var entered: String
    /// Who can be submitted: it was looked up, and can be partner of record.
    var offer: Partner?

    init(_ subscription: Subscription, currentName: String?) {
        self.subscription = subscription
        self.currentName = currentName
        entered = subscription.association?.partner.description ?? ""
    }
}

/// What a page says of what was asked.
struct CustomerMessage: Equatable {
    struct Line: Equatable {
        let sentence: CustomerSentence
        var words: [CustomerPlace: String] = [:]
    }

    let lines: [Line]
    /// Whether it did not go as it was meant.
    let isBad: Bool

    static func done(_ sentence: CustomerSentence) -> CustomerMessage {
        CustomerMessage(lines: [Line(sentence: sentence)], isBad: false)
    }

    static func bad(_ sentences: CustomerSentence...) -> CustomerMessage {
        CustomerMessage(lines: sentences.map { Line(sentence: $0) }, isBad: true)
    }
}

extension CustomerMessage {
    /// Why a text is no Partner ID; nil when it is one.
    init?(noID kind: CandidateKind) {
        switch kind {
        case .id: return nil
        case .guid: self = .bad(.guid, .turnID)
        case .placeholder: self = .bad(.placeholder, .turnID)
        case .malformed(.leadingZero): self = .bad(.leadingZero, .turnID)
        case .malformed(.tooLong): self = .bad(.tooLong, .turnID)
        case .malformed: self = .bad(.notDigits, .turnID)
        case .nothing: self = .bad(.missing)
        }
    }

    /// The directory does not have the ID, though the partner may well be one (the support threads on "not recognised").
    init(unknown id: PartnerID) {
        self.init(
            lines: [
                Line(sentence: .unknown, words: [.id: id.description]), Line(sentence: .turnID), Line(sentence: .turnProvider),
            ], isBad: true)
    }

    /// Why a partner of the directory can't be used; nil when it can.
    ///
    /// That somebody suspects fraud is not told to third parties: it says suspended, as for other reasons.
    init?(unusable partner: Partner, at time: Timestamp) {
        let (outcome, reason) = partner.standing.outcome(at: time)
        guard outcome != .attributed else { return nil }
        var words: [CustomerPlace: String] = [.partner: CustomerPageWriter.named(partner.id, partner.name)]
        let sentence: CustomerSentence
        switch reason {
        case .noAgreement: sentence = .noAgreement
        case .lapsed: sentence = .lapsed
        case .requested: sentence = .requested
        case .notYetValid:
            sentence = .notYetValid
            words[.day] = partner.standing.validFrom?.description
        case .noLongerValid:
            sentence = .noLongerValid
            words[.day] = partner.standing.validTo?.description
        default: sentence = .suspended
        }
        self.init(lines: [Line(sentence: sentence, words: words), Line(sentence: .turnPartner)], isBad: true)
    }
}

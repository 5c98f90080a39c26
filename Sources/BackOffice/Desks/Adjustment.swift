package import Attribution
package import Ledger
package import Office

/// An attribution after the fact, as an admin asks for it.
package struct Adjustment: Sendable {
    let signup: Receipt
    let partner: PartnerID?
    let note: String
    let caller: Caller

    /// - Parameters:
    ///   - signup: the receipt of the record that is to be adjusted.
    ///   - partner: who is to be attributed; nil takes an earlier adjustment back.
    ///   - note: why, on one line.
    ///   - caller: who does it.
    package init(of signup: Receipt, partner: PartnerID?, note: String, by caller: Caller) {
        self.signup = signup
        self.partner = partner
        self.note = note
        self.caller = caller
    }

    /// What is to be appended, once the record was looked at; that it is about to be, is in the access log by then.
    ///
    /// The ledger and the access log are two files, which can't commit together. The line goes first: should the ledger not take
    /// the adjustment then, the line tells of one that was tried, and the ledger says that there is none. The other way round
    /// there could be an adjustment that no line tells of.
    ///
    /// - Throws: ``AdjustmentRefusal``, and then there is no line; ``OfficeError`` when it can't be written.
    package func notedDraft(
        _ reader: LedgerReader, _ office: Office, receipt: Receipt, time: Timestamp
    ) throws -> AdjustmentDraft {
        let draft = try draft(reader, office, receipt: receipt, time: time)
        try office.noteAccess(by: caller, .adjustment, "\(signup) to \(partner?.description ?? "nobody")", at: time)
        return draft
    }

    private func draft(
        _ reader: LedgerReader, _ office: Office, receipt: Receipt, time: Timestamp
    ) throws -> AdjustmentDraft {
        let note = try checkedNote()
        guard let record = try reader.record(receipt: signup)?.record else { throw AdjustmentRefusal.unknownReceipt(signup) }
        guard record.kind == .signup else { throw AdjustmentRefusal.noSignup(signup) }
        let earlier = try reader.adjustments(of: signup).last?.record?.text(.partner).flatMap { PartnerID($0) }
        if earlier == nil, record.text(.outcome) == Outcome.attributed.rawValue {
            throw AdjustmentRefusal.attributed(signup, to: record.text(.partner) ?? "")
        }
        guard partner != earlier else { throw AdjustmentRefusal.nothingToChange(signup, partner) }
        if let partner {
            guard let standing = try office.partner(partner)?.standing else { throw AdjustmentRefusal.unknownPartner(partner) }
            let (outcome, reason) = standing.outcome(at: time)
            guard outcome == .attributed else { throw AdjustmentRefusal.unusablePartner(partner, outcome, reason) }
        }
        let draft = AdjustmentDraft(
            of: record, partner: partner, replaces: earlier,
            directoryVersion: try office.currentDirectoryVersion()?.number ?? 0, adjustedBy: caller.name, note: note,
            receipt: receipt, time: time)
        guard let draft else { throw AdjustmentRefusal.nothingToChange(signup, partner) }
        // What it takes over from a damaged record could not be counted, and the writer relies on that.
        guard CountedRecord(draft.record, partnerIsListed: draft.partnerIsListed) != nil else {
            throw LedgerError.damagedRecord(file: reader.path, sequence: record.number(.sequence) ?? 0)
        }
        return draft
    }

    private func checkedNote() throws -> String {
        let note = note.split { $0.isWhitespace }.joined(separator: " ")
        guard !note.isEmpty, note.unicodeScalars.count <= AdjustmentDraft.maximumNoteScalars else {
            throw AdjustmentRefusal.note
        }
        return note
    }
}

/// Why a record is not adjusted.
package enum AdjustmentRefusal: Error, Equatable, CustomStringConvertible {
    case unknownReceipt(Receipt)
    case noSignup(Receipt)
    case attributed(Receipt, to: String)
    case nothingToChange(Receipt, PartnerID?)
    case unknownPartner(PartnerID)
    case unusablePartner(PartnerID, Outcome, Reason?)
    case note
    case notCommitted

    package var description: String {
        switch self {
        case .unknownReceipt(let receipt):
            "no record has the receipt \(receipt); check its letters"
        case .noSignup(let receipt):
            "\(receipt) is an adjustment itself, or a partner of record; give the receipt of the sign-up"
        case .attributed(let receipt, let partner):
            "\(receipt) is attributed to \(partner) already; what a sign-up was attributed to when it came is not taken away"
        case .nothingToChange(let receipt, let partner):
            partner.map { "\(receipt) is adjusted to \($0) already" } ?? "\(receipt) has no adjustment that could be taken back"
        case .unknownPartner(let partner):
            "partner \(partner) is not in the directory; add it first"
        case .unusablePartner(let partner, let outcome, let reason):
            "partner \(partner) is \(outcome.rawValue)\(reason.map { " (\($0.rawValue))" } ?? "") and can't be attributed; "
                + "change its status first"
        case .note:
            "a note is needed that says why, of at most \(AdjustmentDraft.maximumNoteScalars) characters"
        case .notCommitted:
            "the ledger could not commit the adjustment; nothing was changed, try again"
        }
    }
}

/// An attribution that an admin makes after the fact: the partner registered late, or the ID was mistyped. It becomes a record of
/// its own, of kind `adjustment`, that names the receipt of the sign-up; nothing is rewritten.
package struct AdjustmentDraft: Sendable {
    /// The adjustment's own receipt.
    package let receipt: Receipt
    /// When it was made. It is counted then, not when the sign-up came: what was counted before stays as it was told.
    package let time: Timestamp
    /// The sign-up's.
    package let adjusts: Receipt
    /// Who is attributed from now on; nil: nobody any more, an earlier adjustment is taken back.
    package let partner: PartnerID?
    /// Whom an earlier adjustment attributed.
    package let replaces: PartnerID?
    package let directoryVersion: Int
    /// The sign-up's fields by which it is counted.
    private let copied: Record
    private let adjustedBy: String
    private let note: String

    /// Taken over from the sign-up, so that an adjustment is counted by the same route, origin and so on.
    private static let copiedFields: [RecordField] = [
        .route, .edition, .action, .origin, .campaign, .client, .clientOS, .culture, .country, .routeVersion, .isTest,
    ]

    package static let maximumNoteScalars = 500

    /// - Parameters:
    ///   - signup: the record that is adjusted.
    ///   - adjustedBy: who does it.
    ///   - note: why.
    /// - Returns: nil when the record is no sign-up, or there is nothing to change.
    package init?(
        of signup: Record,
        partner: PartnerID?,
        replaces: PartnerID?,
        directoryVersion: Int,
        adjustedBy: String,
        note: String,
        receipt: Receipt,
        time: Timestamp
    ) {
        guard signup.kind == .signup, let adjusts = signup.text(.receipt).flatMap({ Receipt($0) }),
            partner != replaces
        else { return nil }
        self.receipt = receipt
        self.time = time
        self.adjusts = adjusts
        self.partner = partner
        self.replaces = replaces
        self.directoryVersion = directoryVersion
        self.adjustedBy = adjustedBy
        self.note = note
        var copied = Record()
        for field in Self.copiedFields { copied[field] = signup[field] }
        // Who is nobody's partner any more is what the sign-up was.
        copied[.outcome] = partner == nil ? signup[.outcome] : .text(Outcome.attributed.rawValue)
        self.copied = copied
    }
}

extension AdjustmentDraft: LaterEntry {
    package var partnerIsListed: Bool { true }

    package func appendPersonalJSON(visitor: String?, to json: inout [UInt8]) {
        var personal = Record()
        personal[.adjustedBy] = .text(adjustedBy)
        personal[.note] = .text(note)
        json.appendCanonicalJSON(personal)
    }

    package func appendLeafJSON(_ completion: RecordCompletion, personal: UnsafeRawBufferPointer, to json: inout [UInt8]) {
        var leaf = copied
        leaf[.sequence] = .number(completion.sequence)
        leaf[.receipt] = .text(receipt.description)
        leaf[.time] = .text(time.description)
        leaf[.node] = .text(completion.node)
        leaf[.kind] = .text(RecordKind.adjustment.rawValue)
        leaf[.adjusts] = .text(adjusts.description)
        leaf[.partner] = partner.map { .text($0.description) }
        leaf[.replaces] = replaces.map { .text($0.description) }
        leaf[.isRepeat] = .number(0)
        leaf[.directoryVersion] = .number(Int64(directoryVersion))
        json.appendLeafJSON(leaf, personal: personal)
    }

    package var record: Record {
        var record = copied
        record[.kind] = .text(RecordKind.adjustment.rawValue)
        record[.time] = .text(time.description)
        record[.partner] = partner.map { .text($0.description) }
        record[.replaces] = replaces.map { .text($0.description) }
        return record
    }
}

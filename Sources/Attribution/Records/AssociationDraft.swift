/// A change of who is partner of record of a subscription, as the ledger keeps it: a record of kind `association`. It counts as no
/// sign-up and no adjustment.
package struct AssociationDraft: Sendable {
    /// The record's own receipt. It is fixed with the change, before the ledger is asked, so that a change that is handed over a
    /// second time after a crash is known by it.
    package let receipt: Receipt
    /// When the change was made.
    package let time: Timestamp
    private let fields: Record

    /// - Parameters:
    ///   - directoryVersion: the directory's version at that time.
    ///   - fields: what the change was, of ``RecordField/association``; others are left out. `tenant`, `actor` and `note` are personal.
    package init(receipt: Receipt, time: Timestamp, directoryVersion: Int, fields: Record) {
        self.receipt = receipt
        self.time = time
        var kept = Record()
        for field in RecordField.association { kept[field] = fields[field] }
        kept[.directoryVersion] = .number(Int64(directoryVersion))
        self.fields = kept
    }
}

extension AssociationDraft: LaterEntry {
    /// Nothing is counted of it. The directory has nearly every partner of record: a route may attribute without asking it.
    package var partnerIsListed: Bool { true }

    package func appendPersonalJSON(visitor: String?, to json: inout [UInt8]) {
        var personal = Record()
        for field in RecordField.association where field.isPersonal { personal[field] = fields[field] }
        json.appendCanonicalJSON(personal)
    }

    package func appendLeafJSON(_ completion: RecordCompletion, personal: UnsafeRawBufferPointer, to json: inout [UInt8]) {
        var leaf = fields
        for field in RecordField.association where field.isPersonal { leaf[field] = nil }
        leaf[.sequence] = .number(completion.sequence)
        leaf[.receipt] = .text(receipt.description)
        leaf[.time] = .text(time.description)
        leaf[.node] = .text(completion.node)
        leaf[.kind] = .text(RecordKind.association.rawValue)
        leaf[.isRepeat] = .number(0)
        leaf[.isTest] = .number(0)
        json.appendLeafJSON(leaf, personal: personal)
    }

    package var record: Record {
        var record = fields
        record[.kind] = .text(RecordKind.association.rawValue)
        record[.time] = .text(time.description)
        return record
    }
}

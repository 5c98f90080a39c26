/// What can be given a place in the ledger: a sign-up, or what is said of one later. It writes its own JSON.
package protocol LedgerEntry: Sendable {
    /// Whether the partner is in the directory: counters are kept for directory IDs only.
    var partnerIsListed: Bool { get }

    /// Appends the personal fields as canonical JSON (RFC 8785), absent ones left out.
    ///
    /// - Parameter visitor: the visitor's keyed hash, in hexadecimal.
    func appendPersonalJSON(visitor: String?, to json: inout [UInt8])

    /// Appends the leaf as canonical JSON (RFC 8785): every field that is not personal, by sorted name.
    ///
    /// - Parameter personal: SHA-256 of salt and personal JSON, 32 bytes.
    func appendLeafJSON(_ completion: RecordCompletion, personal: UnsafeRawBufferPointer, to json: inout [UInt8])
}

extension RecordDraft: LedgerEntry {}

/// What comes from the office and not from a visitor: adjustments and associations. They come seldom, so that a record of each can be
/// made before the ledger takes it.
package protocol LaterEntry: LedgerEntry {
    var time: Timestamp { get }
    /// The record as it will be read back, for what is counted of it.
    var record: Record { get }
}

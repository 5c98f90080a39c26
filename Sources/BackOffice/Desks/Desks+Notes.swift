import Attribution
import Ledger
import Office

extension Desks {
    /// Writes a note about a record.
    ///
    /// - Throws: ``AdjustmentRefusal/unknownReceipt(_:)``, ``OfficeError`` `invalid-note`.
    func addNote(_ text: String, to receipt: Receipt, by identity: Identity) async throws -> RecordNote {
        try await requireRecord(receipt)
        let time = now()
        return try await office { try $0.addNote(text, to: receipt, by: identity.caller, at: time) }
    }

    /// - Throws: ``AdjustmentRefusal/unknownReceipt(_:)``.
    func requireRecord(_ receipt: Receipt) async throws {
        guard try await ledger.read({ try $0.record(receipt: receipt) != nil }) else {
            throw AdjustmentRefusal.unknownReceipt(receipt)
        }
    }
}

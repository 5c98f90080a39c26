package import Attribution
import GRDB

extension Office {
    /// Writes a note about a record; whether there is such a record is for the caller to know.
    ///
    /// - Throws: ``OfficeError`` `invalid-note`.
    @discardableResult
    package func addNote(_ text: String, to receipt: Receipt, by caller: Caller, at time: Timestamp) throws -> RecordNote {
        let text = try RecordNote.checkedText(text)
        return try change(by: caller, .note, at: time) { db in
            let count = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM note WHERE receipt = ?", arguments: [receipt.description])
            guard count ?? 0 < RecordNote.maximumNotes else {
                throw OfficeError(
                    .invalidNote, "\(receipt) has \(RecordNote.maximumNotes) notes, as many as a record may have; add no more",
                    Mistake(.notesFull, "\(RecordNote.maximumNotes)"))
            }
            try db.execute(
                sql: "INSERT INTO note (receipt, time, who, text) VALUES (?, ?, ?, ?)",
                arguments: [receipt.description, time.microseconds, caller.name, text])
            let note = RecordNote(id: db.lastInsertedRowID, time: time, who: caller.name, text: text)
            return (note, receipt.description)
        }
    }

    /// The notes about a record, in the order in which they were written.
    package func notes(on receipt: Receipt) throws -> [RecordNote] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT id, time, who, text FROM note WHERE receipt = ? ORDER BY id", arguments: [receipt.description]
            ).map { RecordNote(id: $0[0], time: Timestamp(microseconds: $0[1]), who: $0[2], text: $0[3]) }
        }
    }
}

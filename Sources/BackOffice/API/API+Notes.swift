import Attribution
import Foundation
import Hummingbird
import Ledger
import Office

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `GET log/{receipt}/notes` | | the notes about a record, oldest first |
    /// | `POST log/{receipt}/notes` | ``NoteOrder`` | the new one |
    func addNotes(to group: RouterGroup<BackOfficeContext>) {
        group.get("log/:receipt/notes") { _, context in
            let identity = try context.require(.auditor)
            let receipt = try context.parameters.receipt()
            try await desks.requireRecord(receipt)
            let notes = try await desks.office { try $0.notes(on: receipt) }
            try await desks.note(identity, .recordRead, "\(receipt), its notes")
            return try Response(json: ["notes": notes.map(NoteDocument.init)])
        }
        group.post("log/:receipt/notes") { request, context in
            let identity = try context.require(.auditor)
            let receipt = try context.parameters.receipt()
            let order = try await request.json(
                NoteOrder.self, members: ["text"], expected: #"a JSON object such as {"text": "what is known of it"}"#)
            let note = try await desks.addNote(order.text, to: receipt, by: identity)
            return try Response(json: NoteDocument(note), status: .created)
        }
    }
}

/// What `POST log/{receipt}/notes` takes.
struct NoteOrder: Decodable {
    let text: String
}

/// A note as the API tells.
struct NoteDocument: Encodable {
    let id: Int64
    let time: String
    let who: String
    let text: String

    init(_ note: RecordNote) {
        id = note.id
        time = note.time.description
        who = note.who
        text = note.text
    }
}

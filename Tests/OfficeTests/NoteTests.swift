import Attribution
import Testing

@testable import Office

@Suite("Notes about records")
struct NoteTests {
    private let office: Office
    private let receipt = Receipt(time: Moment.first, random16: 1, random64: 2)
    private let other = Receipt(time: Moment.first, random16: 1, random64: 3)

    init() throws { office = try Office.empty() }

    @Test("are kept in order, each with who and when, and those of other records apart")
    func order() throws {
        try office.addNote("first", to: receipt, by: .anna, at: Moment.first)
        try office.addNote("of another", to: other, by: .ben, at: Moment.first)
        try office.addNote("second", to: receipt, by: .ben, at: Moment.second)
        let notes = try office.notes(on: receipt)
        #expect(notes.map(\.text) == ["first", "second"])
        #expect(notes.map(\.who) == ["anna", "ben"])
        #expect(notes.map(\.time) == [Moment.first, Moment.second])
        #expect(notes[0].id < notes[1].id)
    }

    @Test("have lines, and nothing that is no text")
    func texts() throws {
        let note = try office.addNote("  a\r\nb\rc\td 😀 <b>\"\n", to: receipt, by: .anna, at: Moment.first)
        #expect(note.text == "a\nb\nc\td 😀 <b>\"")
        #expect(try office.notes(on: receipt).first == note)
        let longest = String(repeating: "é", count: RecordNote.maximumScalars)
        #expect(try office.addNote(longest, to: receipt, by: .anna, at: Moment.first).text == longest)
        for refused in ["", " \n\t ", longest + "x", "a\u{0}b", "a\u{1B}[2J", "a\u{85}b"] {
            let error = #expect(throws: OfficeError.self) {
                try office.addNote(refused, to: receipt, by: .anna, at: Moment.first)
            }
            #expect(error?.code == .invalidNote)
        }
        #expect(try office.notes(on: receipt).count == 2)
    }

    @Test("are so many that a page can show them")
    func bound() throws {
        for number in 0..<RecordNote.maximumNotes {
            try office.addNote("\(number)", to: receipt, by: .anna, at: Moment.first)
        }
        let error = #expect(throws: OfficeError.self) { try office.addNote("x", to: receipt, by: .anna, at: Moment.first) }
        #expect(error?.message.contains("200 notes") == true)
        try office.addNote("x", to: other, by: .anna, at: Moment.first)
    }
}

/// A record as it is read back: its fields by name.
package struct Record: Sendable, Equatable {
    /// A field's value, by its JSON type.
    package enum Value: Sendable, Equatable {
        case text(String)
        case number(Int64)
        case list([String])
    }

    private var values: [RecordField: Value]

    package init(_ values: [RecordField: Value]) {
        self.values = values
    }

    /// A record without fields yet, with room for all of them.
    package init() {
        values = Dictionary(minimumCapacity: RecordField.allCases.count)
    }

    /// nil: the record does not have the field.
    package subscript(field: RecordField) -> Value? {
        get { values[field] }
        set { values[field] = newValue }
    }

    /// The field's text; nil when it is absent or of another type.
    package func text(_ field: RecordField) -> String? {
        if case .text(let text) = values[field] { text } else { nil }
    }

    /// The field's number; nil when it is absent or of another type.
    package func number(_ field: RecordField) -> Int64? {
        if case .number(let number) = values[field] { number } else { nil }
    }

    /// The field's list; nil when it is absent or of another type.
    package func list(_ field: RecordField) -> [String]? {
        if case .list(let list) = values[field] { list } else { nil }
    }
}

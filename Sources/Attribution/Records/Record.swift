/// A record as it is read back: its fields by name.
package struct Record: Sendable, Equatable {
    /// A field's value, by its JSON type.
    package enum Value: Sendable, Equatable {
        case text(String)
        case number(Int64)
        case list([String])
    }

    /// By ``RecordField/ordinal``.
    private var values: [Value?]

    package init(_ values: [RecordField: Value]) {
        self.init()
        for (field, value) in values { self[field] = value }
    }

    /// A record without fields yet, with room for all of them.
    package init() {
        values = [Value?](repeating: nil, count: RecordField.allCases.count)
    }

    /// nil: the record does not have the field.
    package subscript(field: RecordField) -> Value? {
        get { values[field.ordinal] }
        set { values[field.ordinal] = newValue }
    }

    /// The field's text; nil when it is absent or of another type.
    package func text(_ field: RecordField) -> String? {
        if case .text(let text) = self[field] { text } else { nil }
    }

    /// The field's number; nil when it is absent or of another type.
    package func number(_ field: RecordField) -> Int64? {
        if case .number(let number) = self[field] { number } else { nil }
    }

    /// The field's list; nil when it is absent or of another type.
    package func list(_ field: RecordField) -> [String]? {
        if case .list(let list) = self[field] { list } else { nil }
    }
}

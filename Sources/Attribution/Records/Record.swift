/// A record as it is read back: its fields by name.
package struct Record: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        case text(String)
        case number(Int64)
        case list([String])
    }

    private var values: [RecordField: Value]

    package init(_ values: [RecordField: Value] = [:]) {
        self.values = values
    }

    /// nil: the record does not have the field.
    package subscript(field: RecordField) -> Value? {
        get { values[field] }
        set { values[field] = newValue }
    }

    package func text(_ field: RecordField) -> String? {
        if case .text(let text) = values[field] { text } else { nil }
    }

    package func number(_ field: RecordField) -> Int64? {
        if case .number(let number) = values[field] { number } else { nil }
    }

    package func list(_ field: RecordField) -> [String]? {
        if case .list(let list) = values[field] { list } else { nil }
    }
}

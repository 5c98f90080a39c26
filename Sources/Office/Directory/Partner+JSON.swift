/// The partner as the API writes it: an object of the partner CSV's column names; programs are an array, and fields without
/// a value are left out.
extension Partner: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ column: PartnerColumn) { stringValue = column.rawValue }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for column in PartnerColumn.allCases where !self[column].isEmpty {
            if column == .programs {
                try container.encode(programs, forKey: Key(column))
            } else {
                try container.encode(self[column], forKey: Key(column))
            }
        }
    }
}

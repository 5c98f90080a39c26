internal import Attribution

/// What a form of the customer's page says.
struct CustomerForm: Equatable {
    enum Action: String, CaseIterable {
        /// Look the ID up; without one, remove the partner of record.
        case check
        /// Make it the partner of record.
        case submit
    }

    /// The names of the fields.
    enum Field: String {
        case action, partner, program, seen
    }

    let action: Action
    /// As it was entered; what is not UTF-8 has U+FFFD in its place.
    let partner: String
    /// nil: the partner is in none, or it does not matter.
    let program: Program?
    /// How many changes the subscription's partner had had when the page was made: who sends the form has seen the last of
    /// them.
    let seen: Int

    /// The page's forms have four.
    private static let mostFields = 16

    /// nil for what no form of the page can send.
    ///
    /// - Parameter body: `application/x-www-form-urlencoded` (WHATWG URL, section 5.1); nil for anything else.
    init?(_ body: [UInt8]?) {
        guard let body else { return nil }
        var values: [Field: String] = [:]
        let pieces = body.split(separator: UInt8(ascii: "&"))
        guard pieces.count <= Self.mostFields else { return nil }
        for piece in pieces {
            let parts = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let field = Field(rawValue: Self.decoded(parts[0])) else { continue }
            guard values.updateValue(parts.count == 2 ? Self.decoded(parts[1]) : "", forKey: field) == nil else { return nil }
        }
        guard let action = values[.action].flatMap({ Action(rawValue: $0) }), let partner = values[.partner],
            let seen = values[.seen].flatMap({ Int($0) })
        else { return nil }
        if let word = values[.program] {
            guard let program = Program(rawValue: word) else { return nil }
            self.program = program
        } else {
            program = nil
        }
        self.action = action
        self.partner = partner
        self.seen = seen
    }

    private static func decoded(_ raw: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap(\.hexValue)
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                bytes.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

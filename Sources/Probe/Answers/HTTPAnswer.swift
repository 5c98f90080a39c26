/// The head of an answer, as far as a probe needs it.
struct HTTPAnswer {
    /// What the bytes that have come so far hold.
    enum Progress {
        /// The head's end has not come, or only that of an interim answer.
        case incomplete
        case complete(HTTPAnswer)
        /// The server gave the request or the connection up, or does not speak the protocol.
        case refused

        var isIncomplete: Bool {
            if case .incomplete = self { true } else { false }
        }
    }

    let status: Int
    let location: String?

    /// - Parameter location: the white space around a field's value is none of it (RFC 9110, section 5.5).
    init(status: Int, location: String?) {
        func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
        self.status = status
        self.location = location.map { String($0.drop(while: isSpace).reversed().drop(while: isSpace).reversed()) }
    }
}

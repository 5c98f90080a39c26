extension PartnerDirectory {
    /// The partners whose IDs differ from one in a single digit, or by two neighbours that changed places: what was probably
    /// meant. Ascending.
    package func neighbours(of id: PartnerID) -> [PartnerID] {
        let digits = Array(id.description.utf8)
        var found: Set<PartnerID> = []
        func note(_ digits: [UInt8]) {
            if let other = PartnerID(String(decoding: digits, as: UTF8.self)), other != id, self[other] != nil {
                found.insert(other)
            }
        }
        for place in digits.indices {
            for digit in UInt8(ascii: "0")...UInt8(ascii: "9") {
                var other = digits
                other[place] = digit
                note(other)
            }
            guard place + 1 < digits.count else { continue }
            var other = digits
            other.swapAt(place, place + 1)
            note(other)
        }
        return found.sorted()
    }
}

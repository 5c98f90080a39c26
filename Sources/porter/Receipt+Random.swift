import Attribution

extension Receipt {
    /// A new receipt of that time, as nobody can guess.
    static func random(at time: Timestamp) -> Receipt {
        Receipt(time: time, random16: .random(in: .min ... .max), random64: .random(in: .min ... .max))
    }
}

/// The bounds that a ``Histogram`` sorts values by.
///
/// Values are whole numbers of a small unit, so that noting one takes no division: nanoseconds of durations, say. What is shown
/// is in whole units.
package struct Buckets: Equatable, Sendable {
    /// Inclusive upper bounds, ascending; whatever is larger than the last has a bucket of its own.
    package let upperBounds: [Int64]
    /// How many of the small unit make one that is shown: a billion nanoseconds make a second.
    package let perUnit: Int64

    /// - Parameter upperBounds: ascending.
    package init(upperBounds: [Int64], perUnit: Int64 = 1) {
        precondition(zip(upperBounds, upperBounds.dropFirst()).allSatisfy(<), "bounds ascend")
        precondition(perUnit > 0, "a unit has parts")
        self.upperBounds = upperBounds
        self.perUnit = perUnit
    }

    /// Durations, noted in nanoseconds and shown in seconds.
    ///
    /// - Parameter microseconds: the bounds.
    package init(microseconds: [Int64]) {
        self.init(upperBounds: microseconds.map { $0 * 1_000 }, perUnit: 1_000_000_000)
    }
}

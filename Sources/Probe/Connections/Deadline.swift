/// A moment by which something must have happened; the clock never goes back.
struct Deadline {
    private let end: ContinuousClock.Instant

    init(after duration: Duration) {
        end = .now + duration
    }

    private init(end: ContinuousClock.Instant) {
        self.end = end
    }

    /// A moment that comes no later than this one, nor later than the duration allows.
    func within(_ duration: Duration) -> Deadline {
        Deadline(end: min(end, .now + duration))
    }

    /// What is left; zero when the moment has passed.
    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    /// What is left, for `poll`: 0 when the moment has passed, rounded up so that nothing spins.
    var remainingMilliseconds: Int32 {
        let left = remaining.components
        let milliseconds = left.seconds * 1_000 + (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: milliseconds)
    }
}

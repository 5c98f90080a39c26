import Attribution
import NIOCore

/// A moment by two clocks: one says when it was, the other how long ago.
struct Moment {
    /// May step.
    let time: Timestamp
    let clock: NIODeadline
}

import Attribution
import FrontDoor

extension Timestamp {
    /// The system's clock.
    static var now: Timestamp { Surroundings.system.now() }
}

import NIOCore
import NIOEmbedded

@testable import FrontDoor

/// Channels and desks for tests that need them to exist, not to work.
enum EmptyChannel {
    static func make() -> EmbeddedChannel { EmbeddedChannel() }

    static func desk(_ limits: FrontDoorLimits) throws -> SignupDesk {
        SignupDesk(
            eventLoop: EmbeddedEventLoop(), limits: limits, snapshot: try TestDoor.snapshot(), recorder: MemoryRecorder(),
            surroundings: .system, observer: nil
        )
    }
}

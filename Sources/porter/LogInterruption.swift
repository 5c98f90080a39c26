import Dispatch
import Foundation
import Synchronization

/// Turns SIGINT and SIGTERM into a question, so that a command that goes on until then ends in order, with status 0.
final class Interruption {
    private let flag: Flag
    private let sources: [any DispatchSourceSignal]

    private final class Flag: Sendable {
        let isRaised = Atomic(false)
    }

    init() {
        let flag = Flag()
        self.flag = flag
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.isRaised.store(true, ordering: .relaxed) }
            source.resume()
            return source
        }
    }

    var hasCome: Bool { flag.isRaised.load(ordering: .relaxed) }
}

import Attribution
import Measures
import NIOCore

/// What one event loop counts. Touched by that loop alone, so that counting takes neither lock nor atomic; whoever wants to know
/// asks the loop (``FrontDoor/measures()``).
final class LoopMeasures {
    /// All but the sign-ups, which have a place of their own.
    private var counted = FrontDoorMeasures()
    /// Sign-ups by ``place(of:outcome:)``: a sign-up adds one to an element, without looking a name up.
    private var signups: [Int] = []
    /// The names of routes in the order of their places. A route that is gone keeps its place: a counter must not fall.
    private var names: [String] = []
    /// The numbers of the routes that are loaded now.
    private var numbers: [ObjectIdentifier: Int] = [:]

    private static let outcomes = Outcome.allCases

    /// Gives each route its places. A route whose file changed goes on where it was.
    func know(_ routes: [Route]) {
        numbers.removeAll(keepingCapacity: true)
        for route in routes {
            let number = names.firstIndex(of: route.name) ?? names.count
            if number == names.count {
                names.append(route.name)
                signups += [Int](repeating: 0, count: Self.outcomes.count)
            }
            numbers[ObjectIdentifier(route)] = number
        }
    }

    /// Where sign-ups of that kind are counted.
    func place(of route: Route, outcome: Outcome) -> Int {
        // Every route that judges was made known with its snapshot.
        numbers[ObjectIdentifier(route)]! * Self.outcomes.count + outcome.ordinal
    }

    // MARK: Sign-ups

    func noteDecision(from begin: NIODeadline, to end: NIODeadline) {
        counted.decideDurations.note((end - begin).nanoseconds)
    }

    /// - Parameters:
    ///   - place: as ``place(of:outcome:)`` gave it.
    ///   - duration: from the whole head until the answer was handed over.
    func noteAnswer(at place: Int, isCommitted: Bool, after duration: TimeAmount) {
        if isCommitted { signups[place] += 1 } else { counted.unavailable += 1 }
        counted.wholeDurations.note(duration.nanoseconds)
    }

    // MARK: What is no sign-up

    func noteReply(_ content: Reply.Content) {
        switch content {
        case .answer(.refusal(let refusal)): counted.refused[refusal.status, default: 0] += 1
        case .fault(let fault): counted.refused[fault.status, default: 0] += 1
        case .answer, .page, .unavailable, .proceed: break
        }
    }

    func noteUnmatched() { counted.unmatched += 1 }

    // MARK: Connections

    func noteAccepted(at door: FrontDoorMeasures.Door) { counted.accepted[door, default: 0] += 1 }

    func noteTurnedAway() { counted.turnedAway += 1 }

    func noteHandshake(_ version: SignupRequest.TLSVersion?, took duration: TimeAmount) {
        counted.handshakeDurations.note(duration.nanoseconds)
        if let version { counted.handshakes[version, default: 0] += 1 }
    }

    func note(_ failure: HandshakeFailure) { counted.failedHandshakes[failure, default: 0] += 1 }

    // MARK: Telling

    /// All that was counted, with the connections that are open.
    func told(with register: ConnectionRegister) -> FrontDoorMeasures {
        var told = counted
        for (number, name) in names.enumerated() {
            let first = number * Self.outcomes.count
            told.signups[name] = Dictionary(
                uniqueKeysWithValues: zip(Self.outcomes, signups[first..<first + Self.outcomes.count]))
        }
        told.open = register.countByPlace()
        return told
    }
}

extension Outcome {
    /// The place among all outcomes. The compiler numbers the cases in their order.
    fileprivate var ordinal: Int {
        switch self {
        case .attributed: 0
        case .missing: 1
        case .malformed: 2
        case .placeholder: 3
        case .guid: 4
        case .unknown: 5
        case .suspended: 6
        case .expired: 7
        case .conflict: 8
        case .unsigned: 9
        }
    }
}

import NIOCore

/// What one connection is waited for, and since when: for a request's body, or for its client to read an answer. Knows no channel
/// and no clock. The time until a head is the idle time, which Hummingbird keeps.
struct ConnectionTimes {
    /// What is to be done now.
    enum Verdict: Equatable {
        case carryOn
        /// Nothing has been answered yet: the client can be told that it was too slow.
        case refuse
        case close
    }

    private let limits: OfficeLimits
    /// Requests whose answer has not ended.
    private var unanswered = 0
    private var answerHasBegun = false
    /// Whether the last head's body has still to end.
    private var isReceiving = false
    private var bodySince: NIODeadline?
    private var unreadBytes = 0
    private var unreadSince: NIODeadline?

    init(limits: OfficeLimits) {
        self.limits = limits
    }

    /// Whether there is anything that could last too long.
    var isWaiting: Bool { bodySince != nil || unreadSince != nil || unanswered > 0 }

    mutating func headCame(at now: NIODeadline) {
        unanswered += 1
        isReceiving = true
        // What is sent ahead, behind a request that is still being answered, is not read on meanwhile: its time comes.
        bodySince = unanswered == 1 ? now : nil
    }

    mutating func bodyEnded() {
        isReceiving = false
        bodySince = nil
    }

    mutating func answerBegan() { answerHasBegun = true }

    mutating func answerEnded(at now: NIODeadline) {
        unanswered = max(0, unanswered - 1)
        answerHasBegun = false
        if isReceiving, bodySince == nil, unanswered == 1 { bodySince = now }
    }

    /// - Parameter unread: the bytes that the system did not take yet, as the client reads nothing.
    mutating func look(unread: Int, at now: NIODeadline) -> Verdict {
        if unread == 0 {
            unreadSince = nil
        } else if unread != unreadBytes || unreadSince == nil {
            unreadSince = now
        }
        unreadBytes = unread
        if let unreadSince, now - unreadSince >= limits.writeStall { return .close }
        if let bodySince, now - bodySince >= limits.body { return unanswered == 1 && !answerHasBegun ? .refuse : .close }
        return .carryOn
    }
}

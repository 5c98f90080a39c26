import Attribution
import Testing

@testable import BackOffice

@Suite("Guessing passwords becomes slow")
struct SignInThrottleTests {
    private let throttle = SignInThrottle()
    /// More than are free, of an account and of a network.
    private static let many = SignInThrottle.freeFailuresOfNetwork + 5

    private func at(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: RunningServer.now.microseconds + seconds * 1_000_000)
    }

    private func fail(_ times: Int, account: String = "anna", network: String? = "192.0.2.1", at seconds: Int64 = 0) {
        for _ in 0..<times { throttle.noteFailure(account: account, network: network, at: at(seconds)) }
    }

    @Test("a few mistakes cost nothing, and then each waits twice as long as the one before, up to a quarter of an hour")
    func waits() {
        fail(SignInThrottle.freeFailures - 1)
        #expect(throttle.wait(account: "anna", network: "192.0.2.1", at: at(0)) == nil)
        var expected = Int(SignInThrottle.firstWaitSeconds)
        for _ in 0..<20 {
            fail(1)
            #expect(throttle.wait(account: "anna", network: "192.0.2.1", at: at(0)) == expected)
            expected = min(expected * 2, Int(SignInThrottle.longestWaitSeconds))
        }
        #expect(throttle.wait(account: "anna", network: "192.0.2.1", at: at(SignInThrottle.longestWaitSeconds)) == nil)
    }

    @Test("the account waits from every network, in any letter case, and the network for every account")
    func both() {
        fail(Self.many)
        #expect(throttle.wait(account: "ANNA", network: "192.0.2.2", at: at(1)) != nil)
        #expect(throttle.wait(account: "ben", network: "192.0.2.1", at: at(1)) != nil)
        #expect(throttle.wait(account: "ben", network: "192.0.2.2", at: at(1)) == nil)
    }

    @Test("an office behind one address has room for the mistakes of many")
    func office() {
        for number in 0..<SignInThrottle.freeFailuresOfNetwork - 1 { fail(1, account: "a\(number)") }
        #expect(throttle.wait(account: "anna", network: "192.0.2.1", at: at(1)) == nil)
    }

    @Test("a success forgets the account's failures and not the network's, and all are forgotten after an hour")
    func forgets() {
        fail(Self.many)
        throttle.noteSuccess(account: "anna")
        #expect(throttle.wait(account: "anna", network: "192.0.2.9", at: at(1)) == nil)
        #expect(throttle.wait(account: "anna", network: "192.0.2.1", at: at(1)) != nil)
        fail(1, at: SignInThrottle.memorySeconds + 1)
        #expect(throttle.wait(account: "anna", network: "192.0.2.1", at: at(SignInThrottle.memorySeconds + 1)) == nil)
    }

    @Test("a network that others share keeps nobody out")
    func shared() {
        fail(Self.many, network: nil)
        #expect(throttle.wait(account: "anna", network: nil, at: at(1)) != nil)
        #expect(throttle.wait(account: "ben", network: nil, at: at(1)) == nil)
    }

    @Test("a name of any length is one account")
    func longNames() {
        fail(9, account: String(repeating: "n", count: 60_000))
        #expect(throttle.wait(account: String(repeating: "N", count: 50_000), network: "192.0.2.2", at: at(1)) != nil)
    }

    @Test("the memory is bounded")
    func bounded() {
        for number in 0..<(SignInThrottle.maximumEntries + 100) { fail(1, account: "a\(number)", network: "b\(number)") }
        #expect(throttle.count <= SignInThrottle.maximumEntries)
    }
}

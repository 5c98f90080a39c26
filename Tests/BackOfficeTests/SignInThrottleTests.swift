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

    private func fail(_ times: Int, account: String = "anna", address: String = "192.0.2.1", at seconds: Int64 = 0) {
        for _ in 0..<times { throttle.noteFailure(account: account, address: address, at: at(seconds)) }
    }

    @Test("a few mistakes cost nothing, and then each waits twice as long as the one before, up to a quarter of an hour")
    func waits() {
        fail(SignInThrottle.freeFailures - 1)
        #expect(throttle.wait(account: "anna", address: "192.0.2.1", at: at(0)) == nil)
        var expected = Int(SignInThrottle.firstWaitSeconds)
        for _ in 0..<20 {
            fail(1)
            #expect(throttle.wait(account: "anna", address: "192.0.2.1", at: at(0)) == expected)
            expected = min(expected * 2, Int(SignInThrottle.longestWaitSeconds))
        }
        #expect(throttle.wait(account: "anna", address: "192.0.2.1", at: at(SignInThrottle.longestWaitSeconds)) == nil)
    }

    @Test("the account waits from every address, in any letter case, and the address for every account")
    func both() {
        fail(Self.many)
        #expect(throttle.wait(account: "ANNA", address: "192.0.2.2", at: at(1)) != nil)
        #expect(throttle.wait(account: "ben", address: "192.0.2.1", at: at(1)) != nil)
        #expect(throttle.wait(account: "ben", address: "192.0.2.2", at: at(1)) == nil)
    }

    @Test("an office behind one address has room for the mistakes of many")
    func shared() {
        for number in 0..<SignInThrottle.freeFailuresOfNetwork - 1 { fail(1, account: "a\(number)") }
        #expect(throttle.wait(account: "anna", address: "192.0.2.1", at: at(1)) == nil)
    }

    @Test("a success forgets the account's failures and not the address's, and all are forgotten after an hour")
    func forgets() {
        fail(Self.many)
        throttle.noteSuccess(account: "anna", address: "192.0.2.1")
        #expect(throttle.wait(account: "anna", address: "192.0.2.9", at: at(1)) == nil)
        #expect(throttle.wait(account: "anna", address: "192.0.2.1", at: at(1)) != nil)
        fail(1, at: SignInThrottle.memorySeconds + 1)
        #expect(throttle.wait(account: "anna", address: "192.0.2.1", at: at(SignInThrottle.memorySeconds + 1)) == nil)
    }

    @Test(
        "this machine's own address keeps nobody out: everybody behind a tunnel has it",
        arguments: ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
    func loopback(address: String) {
        fail(Self.many, address: address)
        #expect(throttle.wait(account: "anna", address: address, at: at(1)) != nil)
        #expect(throttle.wait(account: "ben", address: address, at: at(1)) == nil)
    }

    @Test("whoever has an IPv6 network waits in all of it, and who has an IPv4 address in this one")
    func networks() {
        func waits(_ address: String) -> Bool { throttle.wait(account: "ben", address: address, at: at(1)) != nil }
        for number in 0..<Self.many { fail(1, account: "a\(number)", address: "2001:db8:1:2::\(String(number, radix: 16))") }
        #expect(waits("2001:db8:1:2::77") && waits("2001:0DB8:1:2:ffff:1:2:3"))
        #expect(!waits("2001:db8:1:3::1") && !waits("2001:db8::1:2:0:1"))
        fail(Self.many, address: "::ffff:192.0.2.7")
        #expect(waits("192.0.2.7") && waits("::ffff:192.0.2.7"))
        #expect(!waits("192.0.2.8") && !waits("::ffff:192.0.2.8"))
    }

    @Test("a name of any length is one account")
    func longNames() {
        fail(9, account: String(repeating: "n", count: 60_000))
        #expect(throttle.wait(account: String(repeating: "N", count: 50_000), address: "192.0.2.2", at: at(1)) != nil)
    }

    @Test("the memory is bounded")
    func bounded() {
        for number in 0..<(SignInThrottle.maximumEntries + 100) { fail(1, account: "a\(number)", address: "b\(number)") }
        #expect(throttle.count <= SignInThrottle.maximumEntries)
    }
}

import Attribution
import Testing

@testable import BackOffice

@Suite("Who asks too often waits")
struct RequestAllowanceTests {
    private func at(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: RunningServer.now.microseconds + Int64(seconds * 1_000_000))
    }

    @Test("a burst is free, then as many as come back; each asker has their own")
    func bucket() {
        let allowance = RequestAllowance(burst: 3, perSecond: 2)
        for _ in 0..<3 { #expect(allowance.wait(1, at: at(0)) == nil) }
        #expect(allowance.wait(1, at: at(0)) == 1)
        #expect(allowance.wait(2, at: at(0)) == nil)
        #expect(allowance.wait(1, at: at(0.5)) == nil)
        #expect(allowance.wait(1, at: at(0.5)) == 1)
        for _ in 0..<3 { #expect(allowance.wait(1, at: at(60)) == nil) }
        #expect(allowance.wait(1, at: at(60)) == 1)
    }

    @Test("a clock that steps back gives nothing and takes nothing away")
    func clock() {
        let allowance = RequestAllowance(burst: 2, perSecond: 1)
        for _ in 0..<2 { #expect(allowance.wait(1, at: at(86_400)) == nil) }
        #expect(allowance.wait(1, at: at(0)) == 1)
        #expect(allowance.wait(1, at: at(1)) == nil)
    }

    @Test("people may ask more often than programs")
    func people() {
        let (token, user) = (RequestAllowance.ofToken(), RequestAllowance.ofUser())
        func taken(_ allowance: RequestAllowance) -> Int { (0..<10_000).count { _ in allowance.wait(1, at: at(0)) == nil } }
        #expect(taken(token) == 120)
        #expect(taken(user) == 600)
    }
}

import Testing

@testable import Probe

@Suite("The addresses of a host, one after the other")
struct AddressTrialTests {
    @Test(
        "each but the last has a share of the time",
        arguments: [(10, 1, 10_000), (10, 2, 3_000), (4, 2, 2_000), (3, 4, 750), (300, 2, 3_000), (0, 3, 0), (60, 1, 60_000)])
    func share(remainingSeconds: Int, addresses: Int, milliseconds: Int) {
        #expect(AddressTrial.share(of: .seconds(remainingSeconds), addresses: addresses) == .milliseconds(milliseconds))
    }

    @Test("addresses that never answer leave time for the last one")
    func next() throws {
        var given: [String: Duration] = [:]
        let found = try AddressTrial.first(of: ["silent", "silent, too", "good"], by: Deadline(after: .seconds(60))) {
            (address: String, deadline: Deadline) throws(ProbeFailure) -> String in
            given[address] = deadline.remaining
            guard address == "good" else { throw .timedOut(.connecting) }
            return address
        }
        #expect(found == "good")
        #expect(given.count == 3)
        for address in ["silent", "silent, too"] { #expect(try #require(given[address]) <= .seconds(3)) }
        #expect(try #require(given["good"]) > .seconds(3), "all that is left")
    }

    @Test("the last one's failure stands for all")
    func failure() {
        #expect(throws: ProbeFailure.refused) {
            try AddressTrial.first(of: [ProbeFailure.timedOut(.connecting), .refused], by: Deadline(after: .seconds(60))) {
                (address: ProbeFailure, _: Deadline) throws(ProbeFailure) -> Int in throw address
            }
        }
        #expect(throws: ProbeFailure.unreachable("no address")) {
            try AddressTrial.first(of: [], by: Deadline(after: .seconds(60))) {
                (_: Int, _: Deadline) throws(ProbeFailure) -> Int in 0
            }
        }
    }
}

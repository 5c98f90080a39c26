import Attribution
import Office
import Testing

@testable import BackOffice

@Suite("Attempts to sign in")
struct AccountsDeskTests {
    @Test("of many at once only as many are tried as of one after the other")
    func manyAtOnce() async throws {
        let folder = try TemporaryFolder()
        let office = try Office.open(folder: folder.path)
        // Verified at once, as it is no hash.
        try office.addUser(
            name: "anna", role: .admin, password: PasswordHash(text: "none"), by: RunningServer.caller, at: RunningServer.now)
        let attempts = 40
        let desk = AccountsDesk(office: office, mostWaiting: attempts, now: { RunningServer.now })
        let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<attempts {
                group.addTask {
                    let attempt = try await desk.signIn(
                        name: "anna", password: "wrong", address: "192.0.2.1", network: "192.0.2.1")
                    return if case .refused = attempt { true } else { false }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == SignInThrottle.freeFailures)
        let lines = try office.accessLog(who: "anna", limit: 99)
        #expect(lines.count == refused && lines.allSatisfy { $0.action == .signInFailed })
    }

    @Test("more than some do not wait: they are told to come again")
    func mostWaiting() async throws {
        let folder = try TemporaryFolder()
        let desk = AccountsDesk(office: try Office.open(folder: folder.path), mostWaiting: 2, now: { RunningServer.now })
        let told = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<9 {
                group.addTask {
                    do {
                        _ = try await desk.signIn(
                            name: "name \(number)", password: "wrong", address: "192.0.2.1", network: nil)
                        return nil
                    } catch {
                        return Problem(error).status
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(told.contains(429) && told.contains(nil) && told.allSatisfy { $0 == nil || $0 == 429 })
    }

    @Test("how long an attempt takes does not tell whether the name is somebody's, also with a password that nobody can have")
    func timing() async throws {
        let folder = try TemporaryFolder()
        let office = try Office.open(folder: folder.path)
        try office.addUser(
            name: "anna", role: .admin, password: .make(of: "violet kettle drums 9"), by: RunningServer.caller,
            at: RunningServer.now)
        /// The shortest of some attempts, since anything can hold one of them up.
        func shortest(_ name: String, _ password: String, of attempts: Int) async throws -> Duration {
            // Its own, so that none has to wait for failures before it.
            let desk = AccountsDesk(office: office, now: { RunningServer.now })
            var shortest = Duration.seconds(600)
            for _ in 0..<attempts {
                let start = ContinuousClock.now
                let attempt = try await desk.signIn(name: name, password: password, address: "127.0.0.1", network: nil)
                guard case .refused = attempt else {
                    Issue.record("\(name) was not refused")
                    continue
                }
                shortest = min(shortest, ContinuousClock.now - start)
            }
            return shortest
        }
        let usual = try await shortest("anna", "violet kettle drums 8", of: 3)
        // Roughly, as other tests take the processor meanwhile; without hashing it takes less than a hundredth.
        #expect(try await shortest("nobody", "violet kettle drums 8", of: 1) > usual / 20)
        let long = String(repeating: "x", count: PasswordRule.maximumBytes + 1)
        // Both write the same line, which a slow disk makes the longer part.
        #expect(try await shortest("anna", long, of: 3) < usual)
        #expect(try await shortest("nobody", long, of: 3) < usual)
    }
}

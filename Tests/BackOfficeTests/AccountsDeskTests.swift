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
        try office.addUser(name: "anna", role: .admin, password: PasswordHash(text: "none"), at: RunningServer.now)
        let desk = AccountsDesk(office: office, now: { RunningServer.now })
        let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    let attempt = try await desk.signIn(name: "anna", password: "wrong", address: "192.0.2.1")
                    return if case .refused = attempt { true } else { false }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == SignInThrottle.freeFailures)
    }
}

import Testing

@testable import BackOffice

@Suite("The office's threads")
struct OfficeThreadsTests {
    @Test("run what they are given also for a task that was cancelled: what was done at a stop is noted", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let work = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await OfficeThreads().run { 7 }
        }
        work.cancel()
        #expect(try await work.value == 7)
    }
}

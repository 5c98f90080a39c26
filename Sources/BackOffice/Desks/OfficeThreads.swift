import NIOPosix
internal import Subscriptions

/// The threads on which the office is read and written.
package struct OfficeThreads: BlockingThreads {
    /// Of the whole process.
    static let pool = NIOThreadPool.singleton

    package init() {}

    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        // In a task of its own: the pool drops what it has not begun when the task that waits for it is cancelled, and a mail that was
        // sent while the server stops would not be noted as sent.
        try await Task { try await Self.pool.runIfActive(work) }.value
    }
}

/// Threads that may wait for SQLite and its disk. Swift's own few for tasks may not: each that waits is missing for everybody.
package protocol BlockingThreads: Sendable {
    /// Runs work that blocks. It is run, and its result is returned, also when the task is cancelled meanwhile, or was before.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
}

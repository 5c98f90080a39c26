import NIOPosix

/// Where all that is measured comes together.
package struct MetricsDesk: Sendable {
    private let threads: NIOThreadPool
    private let folder: String
    private let measured: @Sendable () async -> [MetricFamily]

    /// - Parameters:
    ///   - folder: the data folder.
    ///   - measured: what the other rooms have counted.
    init(folder: String, threads: NIOThreadPool, measured: @escaping @Sendable () async -> [MetricFamily]) {
        self.folder = folder
        self.threads = threads
        self.measured = measured
    }

    func families() async throws -> [MetricFamily] {
        let measured = await measured()
        return try await measured
            + threads.runIfActive { [folder] in ProcessMetrics.families() + DataFiles(folder: folder).families }
    }
}

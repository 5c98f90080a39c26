import Foundation

/// The sizes of the data folder's databases, and how much room is left for them.
struct DataFolderMetrics {
    let folder: String

    /// Those that grow.
    private static let files = ["ledger.db", "ledger.db-wal", "search.db", "search.db-wal", "office.db", "office.db-wal"]

    /// Asks the file system, which may block.
    func families() -> [MetricFamily] {
        var sizes = MetricFamily(
            .gauge, "porter_file_bytes", "The size of a file in the data folder; none while the file is not there.")
        for file in Self.files {
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + file)
            if let bytes = Self.number(attributes?[.size]) { sizes.set(bytes, ["file": file]) }
        }
        var families = [sizes]
        let disk = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        families.append(
            .gauge, "porter_data_available_bytes", "Room that is left for Porter on the data folder's disk.",
            Self.number(disk?[.systemFreeSize]))
        return families
    }

    /// Foundation gives numbers as objects on some systems, and as they are on others.
    private static func number(_ attribute: Any?) -> Double? {
        (attribute as? NSNumber)?.doubleValue ?? (attribute as? any BinaryInteger).map { Double($0) }
    }
}

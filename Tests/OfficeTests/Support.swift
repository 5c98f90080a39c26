import Attribution
import Foundation
import Office

/// A folder of its own for one test, gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/porter-office-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var officePath: String { path + "/" + Office.fileName }
}

/// Moments of the tests, in order.
enum Moment {
    static let first = Timestamp(rfc3339: "2016-10-03T08:00:00Z")!
    static let second = Timestamp(rfc3339: "2016-11-03T08:00:00Z")!
    static let third = Timestamp(rfc3339: "2016-12-03T08:00:00Z")!
}

extension Caller {
    static let anna = Caller(name: "anna", way: .session, address: "192.0.2.1")
    static let ben = Caller(name: "ben", way: .command, address: "")
}

extension Office {
    @discardableResult
    func importText(_ text: String, at time: Timestamp = Moment.first, dryRun: Bool = false) throws -> DirectoryReport {
        try importPartners(csv: Array(text.utf8), fileName: "p.csv", source: "p.csv", by: .ben, at: time, dryRun: dryRun)
    }
}

func id(_ text: String) -> PartnerID { PartnerID(text)! }

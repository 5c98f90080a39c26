/// What came of reading routes and certificates again.
package struct ReloadReport: Codable, Equatable, Sendable {
    /// False: something was wrong, and what was in force still is.
    package let succeeded: Bool
    /// What was loaded, or all that is wrong, one line each.
    package let lines: [String]

    package init(succeeded: Bool, lines: [String]) {
        self.succeeded = succeeded
        self.lines = lines
    }
}

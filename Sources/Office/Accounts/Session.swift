package import Attribution

/// A user who is signed in, on one browser.
package struct Session: Equatable, Sendable {
    package let user: User
    package let begunAt: Timestamp

    /// Without a request for so long it ends.
    package static let idleSeconds: Int64 = 60 * 60
    /// And in any case after a working day.
    package static let absoluteSeconds: Int64 = 12 * 60 * 60
    /// How exactly the last use is kept: not every page is worth a commit.
    static let touchSeconds: Int64 = 60
}

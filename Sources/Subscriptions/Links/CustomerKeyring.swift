package import Attribution
internal import Synchronization

/// The keys of customers' links that a running server judges links by, so that a link that somebody made up costs no look into
/// a file.
package final class CustomerKeyring: Sendable {
    private let held: Mutex<[LinkKey]>
    private let refreshing = Mutex(())

    package init(_ keys: [LinkKey] = []) {
        held = Mutex(keys)
    }

    /// Those in force.
    package var keys: [LinkKey] { held.withLock { $0 } }

    /// Takes what the office has now. Called after each change of the keys, and blocks; who judges links does not wait for it.
    ///
    /// - Parameter read: ``Office/customerKeys()``. Those who refresh at the same time read one after the other, so that the
    ///   last to be kept is the last that was read.
    package func refresh(_ read: () throws -> [LinkKey]) throws {
        try refreshing.withLock { _ in
            let keys = try read()
            held.withLock { $0 = keys }
        }
    }
}

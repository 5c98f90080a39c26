import Attribution
import FrontDoor
import Synchronization

/// The snapshot in force. Routes and directory change independently; each change makes a new snapshot of both.
final class Snapshots: Sendable {
    private let present: Mutex<Snapshot>
    private let frontDoor: FrontDoor

    init(_ snapshot: Snapshot, frontDoor: FrontDoor) {
        present = Mutex(snapshot)
        self.frontDoor = frontDoor
    }

    var current: Snapshot { present.withLock { $0 } }

    func replace(routes: RouteTable) {
        change { Snapshot(routes: routes, directory: $0.directory, pages: $0.pages) }
    }

    func replace(directory: PartnerDirectory) {
        change { Snapshot(routes: $0.routes, directory: directory, pages: $0.pages) }
    }

    /// Within the lock, so that the front door sees changes in the order in which they were made.
    private func change(_ replacement: (Snapshot) -> Snapshot) {
        present.withLock { snapshot in
            snapshot = replacement(snapshot)
            frontDoor.replace(snapshot)
        }
    }
}

import Attribution
import BackOffice
import FrontDoor
import Logging

/// Reads routes and certificates again: each second, on SIGHUP, and when a command asks.
actor Reloader {
    private var routes: RouteWatch
    private let snapshots: Snapshots
    private let frontDoor: FrontDoor
    private let logger: Logger
    /// The back office's certificate, once it has one.
    private var officeCertificate: DoorCertificate?
    /// What was wrong with the certificates when last looked at: said once, not every second.
    private var certificateMistake: String?
    private let metrics = ReloadMetrics()

    init(routes: RouteWatch, snapshots: Snapshots, frontDoor: FrontDoor, logger: Logger) {
        self.routes = routes
        self.snapshots = snapshots
        self.frontDoor = frontDoor
        self.logger = logger
    }

    func watch(_ certificate: DoorCertificate) { officeCertificate = certificate }

    /// When the back office's certificate ends, if it has one.
    var officeCertificateExpiry: Timestamp? { officeCertificate?.expiry }

    /// Returns when every request is judged by what was loaded.
    func reload(evenIfUnchanged: Bool) async -> ReloadReport {
        var lines: [String] = []
        var succeeded = true
        switch routes.reload(evenIfUnchanged: evenIfUnchanged) {
        case .unchanged: break
        case .loaded(let table):
            snapshots.replace(routes: table)
            metrics.note(.routes, succeeded: true, at: .now)
            lines.append("\(table.routes.count) routes loaded")
        case .refused(let mistakes):
            metrics.note(.routes, succeeded: false, at: .now)
            succeeded = false
            lines += mistakes
        }
        do {
            if try frontDoor.reloadCertificates() {
                try officeCertificate?.reload()
                logger.info("certificates reloaded")
                lines.append("certificates loaded")
                metrics.note(.certificates, succeeded: true, at: .now)
            } else if certificateMistake != nil {
                // The files are again what is in force.
                metrics.note(.certificates, succeeded: true, at: .now)
            }
            certificateMistake = nil
        } catch {
            let mistake = "\(error)"
            // Looked at every second: a mistake that stays is one failure, not one each second.
            if certificateMistake != mistake {
                metrics.note(.certificates, succeeded: false, at: .now)
                logger.error("certificates not reloaded, the old ones stay", metadata: ["error": "\(mistake)"])
            }
            certificateMistake = mistake
            succeeded = false
            lines.append(mistake)
        }
        if !lines.isEmpty { await frontDoor.waitForChanges() }
        return ReloadReport(succeeded: succeeded, lines: lines)
    }
}

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
    /// What is wrong with the route files as they are.
    private var routeMistakes: [String] = []
    /// When something was read last, and what was loaded.
    private var last: (time: Timestamp, loaded: [String])
    private let metrics = ReloadMetrics()

    init(routes: RouteWatch, snapshots: Snapshots, frontDoor: FrontDoor, logger: Logger) {
        self.routes = routes
        self.snapshots = snapshots
        self.frontDoor = frontDoor
        self.logger = logger
        last = (.now, ["\(snapshots.current.routes.routes.count) routes loaded"])
    }

    func watch(_ certificate: DoorCertificate) { officeCertificate = certificate }

    /// What is shown to whom: the front door's certificates, and the back office's own.
    var certificates: [HealthFigures.Certificate] {
        let office = officeCertificate.flatMap { certificate in
            certificate.ownDER.flatMap(ServedCertificate.init(der:)).map {
                HealthFigures.Certificate($0, at: .office, path: certificate.path)
            }
        }
        return frontDoor.certificates.map { HealthFigures.Certificate($0.certificate, at: .front, path: $0.path) }
            + (office.map { [$0] } ?? [])
    }

    var state: ReloadState {
        let mistakes = routeMistakes + (certificateMistake.map { [$0] } ?? [])
        let lines = mistakes.isEmpty ? last.loaded : mistakes
        return ReloadState(time: last.time, report: ReloadReport(succeeded: mistakes.isEmpty, lines: lines))
    }

    /// Returns when every request is judged by what was loaded.
    func reload(evenIfUnchanged: Bool) async -> ReloadReport {
        var lines: [String] = []
        var succeeded = true
        switch routes.reload(evenIfUnchanged: evenIfUnchanged) {
        case .unchanged: break
        case .loaded(let table):
            snapshots.replace(routes: table)
            metrics.note(.routes, succeeded: true, at: .now)
            routeMistakes = []
            lines.append("\(table.routes.count) routes loaded")
        case .refused(let mistakes):
            metrics.note(.routes, succeeded: false, at: .now)
            succeeded = false
            routeMistakes = mistakes
            lines += mistakes
        }
        let earlierMistake = certificateMistake
        do {
            // Each door by itself: what one has taken must not hide that the other could not.
            let areNew = try frontDoor.reloadCertificates()
            if try officeCertificate?.reload() ?? false || areNew {
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
            if earlierMistake != mistake {
                metrics.note(.certificates, succeeded: false, at: .now)
                logger.error("certificates not reloaded, the old ones stay", metadata: ["error": "\(mistake)"])
            }
            certificateMistake = mistake
            succeeded = false
            lines.append(mistake)
        }
        // What is still wrong is looked at each second, and is no news.
        if !lines.isEmpty, evenIfUnchanged || lines != (earlierMistake.map { [$0] } ?? []) {
            last = (.now, succeeded ? lines : last.loaded)
        }
        if !lines.isEmpty { await frontDoor.waitForChanges() }
        return ReloadReport(succeeded: succeeded, lines: lines)
    }
}

extension HealthFigures.Certificate {
    fileprivate init(_ certificate: ServedCertificate, at door: HealthReport.Door, path: String) {
        self.init(
            door: door, path: path, names: certificate.names, kind: certificate.kind.rawValue, notAfter: certificate.notAfter,
            isSelfSigned: certificate.isSelfSigned)
    }
}

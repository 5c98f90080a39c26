import Attribution
import BackOffice
import FrontDoor
import Ledger
import Office
import Subscriptions

/// What the rooms have counted, as families for `/metrics`. What a room does not know is left out, never told as zero.
struct ServiceMetrics: Sendable {
    let register: MetricsRegister
    let frontDoor: FrontDoor
    let ledger: LedgerWriter
    let indexer: SearchIndexer
    let snapshots: Snapshots
    let reloader: Reloader
    let office: Office
    let outbox: Outbox
    let postman: Postman

    @Sendable func families() async -> [MetricFamily] {
        var families = register.families + general() + Self.families(of: ledger.statistics, isHealthy: ledger.isHealthy)
        families.append(await certificates())
        families.append(
            .gauge, "porter_search_index_lag_records", "Records that look-ups have to read through, not being indexed yet.",
            indexLag)
        families += await associations(now: .now)
        families += await mail(await postman.measures, now: .now)
        if let measures = await frontDoor.measures() {
            families += Self.families(of: measures, doors: doors)
        }
        return families
    }

    private func general() -> [MetricFamily] {
        var build = MetricFamily(.gauge, "porter_build_info", "1; which version of Porter this is.")
        build.set(1, ["version": Porter.version])
        var families = [build]
        let snapshot = snapshots.current
        families.append(
            .gauge, "porter_directory_version", "The version of the partner directory that is in force.",
            snapshot.directory.version)
        families.append(
            .gauge, "porter_directory_partners", "Partners in the directory that is in force.", snapshot.directory.count)
        families.append(.gauge, "porter_routes", "Routes that are in force.", snapshot.routes.routes.count)
        return families
    }

    /// nil until the indexer has looked at the ledger for the first time.
    private var indexLag: Int64? {
        let progress = indexer.progress
        return progress.hasLooked ? ledger.statistics.lastSequence - progress.indexedThrough : nil
    }

    private var doors: [FrontDoorMeasures.Door] {
        var doors: [FrontDoorMeasures.Door] = []
        if frontDoor.httpsAddress != nil { doors.append(.https) }
        if frontDoor.httpAddress != nil { doors.append(.http) }
        return doors
    }

    private func certificates() async -> MetricFamily {
        var family = MetricFamily(
            .gauge, "porter_certificate_expiry_timestamp_seconds",
            "When the certificate that is served ends, in seconds since 1970.")
        for certificate in await reloader.certificates {
            let name = certificate.door == .office ? "back-office" : certificate.kind
            family.set(certificate.notAfter.seconds, ["certificate": name])
        }
        return family
    }
}

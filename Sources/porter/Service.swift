import Attribution
import BackOffice
import Foundation
import FrontDoor
import Ledger
import Logging
import NIOCore
import Office
import Subscriptions
import UnixSignals

/// The running server: the rooms, wired together.
struct Service {
    private let configuration: ServeConfiguration
    private let logger: Logger
    private let lock: DataFolderLock
    private let office: Office
    private let ledger: LedgerWriter
    private let frontDoor: FrontDoor
    private let snapshots: Snapshots
    private let reloader: Reloader
    private let indexer: SearchIndexer
    private let postman: Postman
    /// nil: there are no pages for customers.
    private let customers: CustomerDoor?
    private let desks: Desks
    private let backOffice: BackOfficeDoor?

    /// How often route and certificate files are looked at.
    private static let watchInterval = Duration.seconds(1)

    /// A command that only writes a line of the access log has the folder for a moment.
    private static let lockPatience = Duration.seconds(2)

    private static func lock(_ folder: String) async throws -> DataFolderLock {
        let deadline = ContinuousClock.now + lockPatience
        while true {
            do {
                return try DataFolderLock.acquire(folder: folder)
            } catch LedgerError.folderInUse where ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Opens data folder, office, ledger and front door, in this order: whoever is answered can be recorded.
    ///
    /// - Parameter register: has what is counted by swift-metrics.
    /// - Throws: ``CommandFailure`` when any of them can't be had.
    static func start(_ configuration: ServeConfiguration, register: MetricsRegister) async throws -> Service {
        let logger = Logger(label: "porter")
        let lock = try await lock(configuration.dataFolder)
        let office = try Office.open(folder: configuration.dataFolder)
        var routes = RouteWatch(
            path: configuration.routesFolder, ownHosts: configuration.hosts, office: office, logger: logger)
        let snapshot = Snapshot(
            routes: try routes.load(),
            directory: try office.currentDirectory(),
            pages: try errorPages(configuration, logger: logger))
        let outbox = Outbox(office: office)
        let postman = Postman(
            outbox: outbox, mail: try configuration.mail?.mail(publicFolder: configuration.publicFolder),
            surroundings: Postman.Surroundings(now: { .now }), threads: OfficeThreads(), logger: logger)
        let customerPages = try customerPages(configuration, logger: logger)
        let customerKeys = CustomerKeyring(try office.customerKeys())
        let ledger = try LedgerWriter.open(
            folder: lock, node: configuration.node, settings: ledgerSettings(logger: logger), logger: logger)
        do {
            try ControlServer.checkPath(folder: configuration.dataFolder)
            let frontDoor = try await FrontDoor.start(
                frontDoorConfiguration(configuration, logger: logger), recorder: ledger, snapshot: snapshot)
            let snapshots = Snapshots(snapshot, frontDoor: frontDoor)
            let reloader = Reloader(routes: routes, snapshots: snapshots, frontDoor: frontDoor, logger: logger)
            let indexer = SearchIndexer(folder: configuration.dataFolder, logger: logger, now: { .now })
            let metrics = ServiceMetrics(
                register: register, frontDoor: frontDoor, ledger: ledger, indexer: indexer, snapshots: snapshots,
                reloader: reloader, office: office, outbox: outbox, postman: postman)
            let desks = desks(
                configuration, office, ledger, indexer, snapshots, reloader, frontDoor, metrics, customerKeys, logger: logger)
            let customers = customerPages.map { pages in
                CustomerDoor(
                    desk: CustomerDesk(
                        keyring: customerKeys, office: desks.customerCounter(), pages: pages, now: { .now }),
                    logger: logger)
            }
            if let customers { frontDoor.answerCustomers(by: customers) }
            let backOffice: BackOfficeDoor?
            do {
                backOffice = try await BackOfficeDoor.open(configuration, desks: desks, logger: logger)
            } catch {
                await frontDoor.shutdown()
                await frontDoor.end()
                throw error
            }
            return Service(
                configuration: configuration, logger: logger, lock: lock, office: office, ledger: ledger, frontDoor: frontDoor,
                snapshots: snapshots, reloader: reloader, indexer: indexer, postman: postman, customers: customers,
                desks: desks, backOffice: backOffice)
        } catch {
            ledger.close()
            throw error
        }
    }

    /// Serves until SIGTERM or SIGINT, then ends in good order.
    ///
    /// - Parameter signals: traps these two and SIGHUP.
    func run(until signals: UnixSignalsSequence) async throws {
        announce()
        if let certificate = backOffice?.certificate { await reloader.watch(certificate) }
        let control = try ControlServer(folder: configuration.dataFolder, desks: desks, logger: logger)
        indexer.start()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await serve(control) }
            group.addTask { await watch() }
            group.addTask { await desks.keepAssociationsRecorded() }
            group.addTask { await postman.run() }
            for await signal in signals {
                guard signal == .sighup else {
                    logger.info("stopping", metadata: ["signal": "\(signal)"])
                    break
                }
                _ = await reloader.reload(evenIfUnchanged: true)
            }
            // Both doors at the same time: each may need some of the five seconds.
            desks.end()
            group.cancelAll()
            async let isShut: Void? = backOffice?.shutdown()
            await frontDoor.shutdown()
            await isShut
        }
        indexer.end()
        ledger.close()
        customers?.end()
        await frontDoor.end()
        try? office.close()
        lock.release()
        logger.info("stopped", metadata: ["records": "\(ledger.statistics.records)"])
    }

    /// Without its control socket the server still answers sign-ups; commands say that they can't reach it.
    private func serve(_ control: ControlServer) async {
        do {
            try await control.run()
        } catch is CancellationError {
            // It was stopped.
        } catch {
            logger.error("commands can't reach this server", metadata: ["error": "\(error)"])
        }
    }

    private func watch() async {
        while (try? await Task.sleep(for: Self.watchInterval)) != nil {
            _ = await reloader.reload(evenIfUnchanged: false)
        }
    }

    private func announce() {
        var metadata: Logger.Metadata = [
            "node": "\(configuration.node)", "data": "\(configuration.dataFolder)",
            "routes": "\(snapshots.current.routes.routes.count)", "partners": "\(snapshots.current.directory.count)",
            "directory_version": "\(snapshots.current.directory.version)",
        ]
        metadata["https"] = frontDoor.httpsAddress.map { "\($0)" }
        metadata["http"] = frontDoor.httpAddress.map { "\($0)" }
        metadata["back_office"] = backOffice.map { "\($0.address)" }
        logger.info("serving", metadata: metadata)
        if snapshots.current.directory.count == 0 {
            logger.warning("the partner directory is empty, so that no ID is known; import one with porter partner import")
        }
    }

    private static func desks(
        _ configuration: ServeConfiguration, _ office: Office, _ ledger: LedgerWriter, _ indexer: SearchIndexer,
        _ snapshots: Snapshots, _ reloader: Reloader, _ frontDoor: FrontDoor, _ metrics: ServiceMetrics,
        _ customerKeys: CustomerKeyring, logger: Logger
    ) -> Desks {
        let directory = DirectoryDesk(
            office: office,
            now: { .now },
            directoryChanged: { directory in
                snapshots.replace(directory: directory)
                logger.info(
                    "directory changed", metadata: ["version": "\(directory.version)", "partners": "\(directory.count)"])
            },
            waitUntilInForce: { await frontDoor.waitForChanges() })
        let startedAt = Timestamp.now
        return Desks(
            folder: configuration.dataFolder, office: office, append: ledger.append(_:), directory: directory, now: { .now },
            receipt: Receipt.random(at:), routes: { snapshots.current.routes },
            partners: { snapshots.current.directory },
            reload: { await reloader.reload(evenIfUnchanged: true) },
            asked: ExplainedRequest.read(_:),
            figures: {
                HealthFigures(
                    version: Porter.version, startedAt: startedAt, ledger: ledger.statistics,
                    index: indexer.progress, certificates: await reloader.certificates, reload: await reloader.state,
                    associations: await metrics.associationBacklog(),
                    mail: await Self.mailFigures(metrics.outbox, isOn: metrics.postman.sendsMail))
            },
            kits: KitDesk(publicFolder: configuration.publicFolder, gateway: configuration.proposedGateway),
            subscriptionRules: SubscriptionRules(maximumReceiptDays: configuration.receiptDays),
            customerKeys: customerKeys, sendsMail: metrics.postman.sendsMail,
            record: { await ledger.append($0) },
            logger: logger,
            measured: metrics.families)
    }

    /// - Returns: nil when the office can't be read.
    private static func mailFigures(_ outbox: Outbox, isOn: Bool) async -> HealthFigures.Mail? {
        let now = Timestamp.now
        let figures = try? await OfficeThreads().run { try outbox.figures(at: now) }
        return figures.map {
            HealthFigures.Mail(
                isOn: isOn, pending: $0.pending, oldestPendingSeconds: $0.oldestPendingSeconds(at: now), failed: $0.failed,
                failedLately: $0.failedLately, withoutAddress: $0.withoutAddress, lastFailure: $0.lastError?.message)
        }
    }

    private static func errorPages(_ configuration: ServeConfiguration, logger: Logger) throws -> ErrorPages {
        let folder = configuration.publicFolder
        if !FileManager.default.fileExists(atPath: folder + "/errors") {
            guard !configuration.publicFolderIsNamed else {
                throw CommandFailure(
                    message: "there are no error pages in \(folder)/errors; name the folder that has them with --public",
                    exitCode: CommandFailure.badRequest)
            }
            logger.warning("no error pages found, plain English ones are served; name their folder with --public")
        }
        return try ErrorPages.load(publicFolder: folder, privacy: configuration.privacyURL)
    }

    private static func customerPages(_ configuration: ServeConfiguration, logger: Logger) throws -> CustomerLibrary? {
        let pages = try CustomerLibrary.load(publicFolder: configuration.publicFolder)
        if pages == nil {
            logger.warning(
                "no pages for customers found, their links lead nowhere; name their folder with --public",
                metadata: ["folder": "\(configuration.publicFolder)/subscription"])
        }
        return pages
    }

    /// For benchmarks only, and therefore neither an option nor a key of the configuration file.
    private static let answersEarlyVariable = "PORTER_BENCH_ANSWERS_EARLY"

    private static func ledgerSettings(logger: Logger) -> LedgerSettings {
        var settings = LedgerSettings()
        settings.processors = Processors.usable
        settings.answersBeforeCommit = ProcessInfo.processInfo.environment[answersEarlyVariable] == "1"
        if settings.answersBeforeCommit {
            logger.critical(
                "sign-ups are answered before their records are on disk, a crash loses them: for benchmarks only",
                metadata: ["set_by": "\(answersEarlyVariable)=1"])
        }
        return settings
    }

    private static func frontDoorConfiguration(
        _ configuration: ServeConfiguration, logger: Logger
    ) throws -> FrontDoorConfiguration {
        var frontDoor = FrontDoorConfiguration(https: configuration.https, http: configuration.http)
        if configuration.https != nil {
            frontDoor.tls = TLSSettings(
                pairs: try certificates(configuration, logger: logger),
                preferred: configuration.preferredCertificate,
                minimumVersion: configuration.minimumTLS)
        }
        frontDoor.trustedProxies = configuration.trustedProxies
        frontDoor.recordedAddress = configuration.recordedAddress
        frontDoor.eventLoops = Processors.usable
        frontDoor.limits.connections = connections(atMost: frontDoor.limits.connections, logger: logger)
        if configuration.printsSignups { frontDoor.observer = SignupPrinter().print }
        return frontDoor
    }

    /// When descriptors run out, connections can't even be refused: the bound must lie below.
    private static func connections(atMost wanted: Int, logger: Logger) -> Int {
        let limit = DescriptorLimit.raise()
        let possible = min(wanted, max(limit / 2, limit - DescriptorLimit.reserved))
        if possible < wanted {
            logger.warning(
                "the limit of open files allows fewer connections than Porter serves; raise it (ulimit -n, LimitNOFILE=)",
                metadata: ["open_files": "\(limit)", "connections": "\(possible)"])
        }
        return possible
    }

    private static func certificates(_ configuration: ServeConfiguration, logger: Logger) throws -> [TLSSettings.Pair] {
        guard configuration.certificates.isEmpty else { return configuration.certificates }
        let (pairs, areNew) = try SelfSignedPair.make(in: configuration.dataFolder, hosts: configuration.hosts)
        logger.warning(
            "no certificate given: a self-signed pair is served, which browsers refuse; give --tls-certificate and --tls-key",
            metadata: [
                "certificates": "\(pairs.map(\.certificatePath).joined(separator: " "))", "new": "\(areNew)",
            ])
        return pairs
    }
}

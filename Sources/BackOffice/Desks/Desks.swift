package import Attribution
import Ledger
package import Logging
import NIOPosix
package import Office
package import Subscriptions

/// Where the back office reads and changes things. What blocks runs on threads of its own: neither the front door's loops nor
/// Swift's few threads for tasks wait for SQLite.
package struct Desks: Sendable {
    let directory: DirectoryDesk
    let accounts: AccountsDesk
    let adjustments: AdjustmentDesk
    let imports = ImportDrafts()
    let kits: KitDesk
    let ledger: LedgerDesk
    let metrics: MetricsDesk
    let subscriptions: SubscriptionDesk
    /// Whether this server sends mail to partners; where it does not, what they are to be told waits.
    let sendsMail: Bool
    let now: @Sendable () -> Timestamp
    let routes: @Sendable () -> RouteTable
    let partners: @Sendable () -> PartnerDirectory
    let reload: @Sendable () async -> ReloadReport
    let asked: @Sendable (ExplainQuestion) throws -> Result<SignupRequest, Refusal>
    let figures: @Sendable () async -> HealthFigures
    private let folder: String
    private let file: Office
    private let threads: NIOThreadPool

    /// - Parameters:
    ///   - folder: the data folder.
    ///   - append: has an adjustment written to the ledger, and says whether it is on disk.
    ///   - receipt: makes a new receipt for that time.
    ///   - routes: the table in force.
    ///   - partners: the directory in force.
    ///   - reload: reads routes and certificates again.
    ///   - asked: reads a request that somebody wants explained as the front door would, or says how it refuses it; throws
    ///     ``QuestionFault`` for what can't be sent.
    ///   - figures: what the server knows of itself.
    ///   - kits: makes kits for reference images.
    ///   - subscriptionRules: what holds of subscriptions that the provider tells of.
    ///   - customerKeys: by which the front door judges customers' links.
    ///   - sendsMail: whether partners are mailed.
    ///   - record: has changes of partners of record written to the ledger, and says whether they are on disk.
    ///   - logger: says when changes of partners of record wait for the ledger.
    ///   - measured: what the other rooms have counted, for `/metrics`.
    package init(
        folder: String,
        office: Office,
        append: @escaping @Sendable (AdjustmentDraft) async -> Bool,
        directory: DirectoryDesk,
        now: @escaping @Sendable () -> Timestamp,
        receipt: @escaping @Sendable (Timestamp) -> Receipt,
        routes: @escaping @Sendable () -> RouteTable,
        partners: @escaping @Sendable () -> PartnerDirectory,
        reload: @escaping @Sendable () async -> ReloadReport,
        asked: @escaping @Sendable (ExplainQuestion) throws -> Result<SignupRequest, Refusal>,
        figures: @escaping @Sendable () async -> HealthFigures,
        kits: KitDesk,
        subscriptionRules: SubscriptionRules = SubscriptionRules(),
        customerKeys: CustomerKeyring = CustomerKeyring(),
        sendsMail: Bool = false,
        record: @escaping @Sendable ([AssociationDraft]) async -> Bool = { _ in false },
        logger: Logger = Logger(label: "porter"),
        measured: @escaping @Sendable () async -> [MetricFamily] = { [] }
    ) {
        let threads = OfficeThreads.pool
        file = office
        self.threads = threads
        self.directory = directory
        self.now = now
        self.routes = routes
        self.partners = partners
        self.reload = reload
        self.asked = asked
        self.figures = figures
        self.kits = kits
        self.sendsMail = sendsMail
        self.folder = folder
        accounts = AccountsDesk(office: office, now: now)
        self.ledger = LedgerDesk(folder: folder)
        metrics = MetricsDesk(folder: folder, threads: threads, measured: measured)
        subscriptions = SubscriptionDesk(
            office: office, ledger: self.ledger, threads: threads, rules: subscriptionRules, customerKeys: customerKeys,
            now: now, receipt: receipt, append: record, logger: logger)
        adjustments = AdjustmentDesk(
            office: office, ledger: self.ledger, now: now, receipt: receipt, append: append)
    }

    /// Has the ledger get what a crash or a full disk kept from it, until its task is cancelled.
    package func keepAssociationsRecorded() async { await subscriptions.keepRecorded() }

    /// The server is about to stop: what is being streamed ends.
    package func end() { ledger.end() }

    /// Reads from the office, or changes it.
    func office<Value: Sendable>(_ work: @escaping @Sendable (Office) throws -> Value) async throws -> Value {
        try await threads.runIfActive { [file] in try work(file) }
    }

    /// How the server is now.
    func health() async throws -> HealthReport {
        let figures = await figures()
        let files = try await threads.runIfActive { [folder] in DataFiles(folder: folder) }
        return HealthReport(figures, files: files, routes: routes().routes.count, partners: partners(), now: now())
    }

    /// Writes to the access log what is read; returns when it is on disk. A change of the office brings its own line.
    func note(_ identity: Identity, _ action: AccessEntry.Action, _ what: String) async throws {
        let time = now()
        try await office {
            try $0.noteAccess(by: identity.caller, action, what, at: time)
        }
    }
}

/// The tables of the room Subscriptions.
extension OfficeSchema {
    static let subscriptionTables = """
        -- Times here are microseconds since 1970-01-01 UTC. A subscription as it is now; id is the provider's.
        -- created_at: the earliest time that the provider named. told_at: the latest; what an older event says is not taken over.
        -- version counts changes of the row, but of told_at. changes: the last number in its history. partner, program and evidence are
        -- NULL while there is no partner of record; program also when the partner is in none.
        -- is_active: 1 while the provider reports the workload active, 0 when it is not, NULL when it never said.
        CREATE TABLE subscription (
            id TEXT PRIMARY KEY,
            tenant TEXT NOT NULL,
            product TEXT NOT NULL,
            offer TEXT NOT NULL,
            seats INTEGER NOT NULL,
            channel TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            told_at INTEGER NOT NULL,
            version INTEGER NOT NULL,
            changes INTEGER NOT NULL,
            partner INTEGER,
            program TEXT,
            evidence TEXT,
            is_active INTEGER
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX subscription_tenant ON subscription (tenant, product, id);
        CREATE INDEX subscription_partner ON subscription (partner, id);
        CREATE INDEX subscription_channel ON subscription (channel, id);
        CREATE INDEX subscription_product ON subscription (product, id);
        -- Those that lack a partner of record and could have one.
        CREATE INDEX subscription_lacking ON subscription (id) WHERE partner IS NULL AND channel <> 'syndicated';
        CREATE INDEX subscription_tenant_lacking ON subscription (tenant, id)
            WHERE partner IS NULL AND channel <> 'syndicated';

        -- What the provider told, each once by its own ID. content: the event as canonical JSON, so that another one of the same ID is
        -- known. finding: what its receipt was worth; NULL for usage. is_associated: 1 when the receipt set the partner of record.
        CREATE TABLE subscription_event (
            id TEXT PRIMARY KEY,
            subscription TEXT NOT NULL REFERENCES subscription (id),
            kind TEXT NOT NULL,
            time INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            who TEXT NOT NULL,
            receipt TEXT,
            finding TEXT,
            is_associated INTEGER NOT NULL DEFAULT 0,
            content TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX subscription_event_of ON subscription_event (subscription, received_at);
        CREATE INDEX subscription_event_receipt ON subscription_event (receipt, subscription) WHERE finding = 'usable';

        -- Since when the workload is in use, or is not: what usage is counted by.
        CREATE TABLE workload_activity (
            subscription TEXT NOT NULL REFERENCES subscription (id),
            time INTEGER NOT NULL,
            event TEXT NOT NULL,
            is_active INTEGER NOT NULL,
            PRIMARY KEY (subscription, time, event)
        ) STRICT, WITHOUT ROWID;

        -- The history of a subscription's partner of record; number from 1 without gaps. receipt: of the ledger's record.
        -- is_recorded: 0 until the ledger has the record. conflict: the number of the conflict that it is a decision on, NULL when it
        -- is none. id gives the order in which the ledger gets them.
        CREATE TABLE association (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            subscription TEXT NOT NULL REFERENCES subscription (id),
            number INTEGER NOT NULL,
            time INTEGER NOT NULL,
            origin TEXT NOT NULL,
            actor TEXT NOT NULL,
            partner INTEGER,
            replaces INTEGER,
            program TEXT,
            evidence TEXT,
            signup TEXT,
            note TEXT,
            conflict INTEGER,
            directory_version INTEGER NOT NULL,
            receipt TEXT NOT NULL UNIQUE,
            is_recorded INTEGER NOT NULL DEFAULT 0,
            UNIQUE (subscription, number)
        ) STRICT;

        CREATE INDEX association_unrecorded ON association (id) WHERE is_recorded = 0;
        CREATE INDEX association_partner ON association (partner, subscription);
        """
}

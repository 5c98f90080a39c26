/// The tables of conflicts between partners who claim the same subscriptions.
extension OfficeSchema {
    static let conflictTables = """
        -- Whose sign-ups the provider named for a subscription: a row for each receipt that could be used. tenant and product
        -- are the subscription's, which never change. is_open: 1 until somebody decides by hand who is its partner of record.
        CREATE TABLE signup_claim (
            subscription TEXT NOT NULL REFERENCES subscription (id),
            signup TEXT NOT NULL,
            partner INTEGER NOT NULL,
            event TEXT NOT NULL,
            is_open INTEGER NOT NULL,
            tenant TEXT NOT NULL,
            product TEXT NOT NULL,
            PRIMARY KEY (subscription, signup)
        ) STRICT, WITHOUT ROWID;

        -- Both give the least and the greatest partner of a tenant and product without reading all of them.
        CREATE INDEX signup_claim_of ON signup_claim (tenant, product, is_open, partner);
        CREATE INDEX subscription_held ON subscription (tenant, product, partner) WHERE partner IS NOT NULL;

        -- Subscriptions of one tenant and product that more than one partner claims. Times are microseconds since 1970-01-01
        -- UTC. state: open, decided, ended (nobody had to decide). version counts what has happened since it was opened.
        -- choice: whose all of it is, NULL for each its own. partners: who is left in force, IDs separated by spaces.
        CREATE TABLE conflict (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL,
            product TEXT NOT NULL,
            opened_at INTEGER NOT NULL,
            state TEXT NOT NULL,
            version INTEGER NOT NULL,
            settled_at INTEGER,
            decider TEXT,
            choice INTEGER,
            note TEXT,
            partners TEXT
        ) STRICT;

        CREATE UNIQUE INDEX conflict_open ON conflict (tenant, product) WHERE state = 'open';
        CREATE INDEX conflict_of ON conflict (tenant, product, id);
        CREATE INDEX conflict_state ON conflict (state, id);

        -- The ledger's records of a decision, by their receipts.
        CREATE TABLE conflict_record (
            conflict INTEGER NOT NULL REFERENCES conflict (id),
            receipt TEXT NOT NULL,
            PRIMARY KEY (conflict, receipt)
        ) STRICT, WITHOUT ROWID;
        """
}

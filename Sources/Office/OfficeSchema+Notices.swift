extension OfficeSchema {
    static let noticeTables = """
        -- What partners are mailed: written in the transaction of the change that it tells of. Nothing is removed, and nobody is told
        -- who the customer is.
        -- change: the ID of what changed the association; one change tells a partner of one kind once.
        -- state: pending, sending, sent, failed (given up), no-address, mail-off (this gateway sent none).
        -- message_id: NULL until the first attempt, and then the same at each. last_error: one line.
        -- Times are microseconds since 1970-01-01 UTC; time: of the change; next_attempt_at: while pending, else NULL;
        -- sending_since: while sending; settled_at: when it came to a state that it stays in.
        CREATE TABLE notice (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            change TEXT NOT NULL,
            kind TEXT NOT NULL,
            partner INTEGER NOT NULL,
            address TEXT,
            language TEXT,
            subscription TEXT NOT NULL,
            product TEXT NOT NULL,
            time INTEGER NOT NULL,
            state TEXT NOT NULL,
            message_id TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_attempt_at INTEGER,
            sending_since INTEGER,
            settled_at INTEGER,
            last_error TEXT,
            last_error_at INTEGER,
            UNIQUE (change, partner, kind)
        ) STRICT;

        CREATE INDEX notice_due ON notice (next_attempt_at, id) WHERE state = 'pending';
        CREATE INDEX notice_state ON notice (state, time);
        CREATE INDEX notice_error ON notice (last_error_at) WHERE last_error IS NOT NULL;
        CREATE INDEX notice_subscription ON notice (subscription, id);
        """
}

extension OfficeSchema {
    static let customerKeyTables = """
        -- Keys that customers' links are signed with. secret: as HMAC needs it; NULL once the key is retired. Times are
        -- microseconds since 1970-01-01 UTC; until: when it was retired, NULL while it is in force. AUTOINCREMENT: a retired
        -- key's number never means another one.
        CREATE TABLE customer_key (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            secret TEXT,
            since INTEGER NOT NULL,
            until INTEGER
        ) STRICT;
        """
}
